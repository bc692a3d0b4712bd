package simnet

import (
	"context"
	"crypto/sha1"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// observers are the nodes of a planet as if each were ours: what reaches a node is counted, apart from what reaches
// another, and the truth is kept beside.
type observers struct {
	mu      sync.Mutex
	ledger  *ledger.Ledger // of seen.key
	demand  map[seen]int   // requests by lookups
	refresh map[seen]int   // requests by the refresh of buckets
}

// seen is a hash at a node.
type seen struct{ node, hash wire.ID }

// key stands for the hash in the one ledger, as a ledger for each node would take gigabytes.
func (s seen) key() [20]byte { return sha1.Sum(append(s.node[:], s.hash[:]...)) }

// sees counts a get_peers for hash that reaches a node.
func (o *observers) sees(who *neighbour, at, hash wire.ID, truth map[seen]int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := seen{at, hash}
	truth[s]++
	o.ledger.See(ledger.KindOfRequest(hash, who.id, at, who.version), s.key(), who.addr, 0, time.Now())
}

// neighbour is a client on the planet that is observed.
type neighbour struct {
	*Visitor
	id      wire.ID
	addr    netip.AddrPort
	version [4]byte
	table   [][]wire.Contact // by shared bits
	see     *observers
}

// Ask implements lookup.Querier.
func (n *neighbour) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if q.Method == wire.GetPeers {
		n.see.sees(n, to.ID, q.Target, n.see.demand)
	}
	return n.Visitor.Ask(ctx, to, q)
}

// libtorrentBucket is how many nodes libtorrent keeps in a bucket (routing_table::bucket_limit with its extended table).
func libtorrentBucket(index int) int { return max(128>>min(index, 7), 8) }

func (o *observers) neighbour(p *Planet, r *rand.Rand, number int) *neighbour {
	var id wire.ID
	for i := range id {
		id[i] = byte(r.Uint32())
	}
	n := &neighbour{Visitor: p.Visitor(VisitorConfig{ID: id, Seed: uint64(number)}), id: id, see: o, version: [4]byte{'L', 'T', 2, 0},
		addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1, byte(number >> 8), byte(number)}), 6881)}
	if number%2 == 0 {
		n.version = [4]byte{'T', 'R', 4, 0}
	}
	for b := range keyBits {
		if lo, hi := p.nodes.span(keyOf(id), b); hi == lo {
			break
		}
		var bucket []wire.Contact
		lo, hi := p.nodes.sibling(keyOf(id), b)
		for _, i := range r.Perm(hi - lo) {
			if len(bucket) < libtorrentBucket(b) && p.alive(lo+i) {
				bucket = append(bucket, p.contact(lo+i))
			}
		}
		n.table = append(n.table, bucket)
	}
	return n
}

// refresh does what libtorrent does with a node of its table (node::send_single_refresh): one of a full bucket gets a
// ping, another a get_peers for a random target in our own half of the bucket.
func (n *neighbour) refresh(r *rand.Rand) {
	b := r.IntN(len(n.table))
	if bucket := n.table[b]; len(bucket) > 0 && len(bucket) < libtorrentBucket(b) {
		var target wire.ID
		for i := range target {
			target[i] = byte(r.Uint32())
		}
		for i := range b + 1 {
			bit := byte(0x80) >> (i % 8)
			target[i/8] = target[i/8]&^bit | n.id[i/8]&bit
		}
		n.see.sees(n, bucket[r.IntN(len(bucket))].ID, target, n.see.refresh)
	}
}

// verdicts returns the share of the refreshes that are counted as maintenance in the end, and of the requests of
// lookups.
func (o *observers) verdicts(t *testing.T) (caught, lost float64) {
	t.Helper()
	count := func(truth map[seen]int) float64 {
		all, maintenance := 0, 0
		for s, n := range truth {
			row, known := o.ledger.Row(s.key(), time.Now())
			if !known {
				t.Fatalf("%x was not counted at %x", s.hash, s.node)
			}
			all += n
			if row.OnlyMaintenance() {
				maintenance += n
			}
		}
		return float64(maintenance) / float64(all)
	}
	return count(o.refresh), count(o.demand)
}

// Half of 120 clients, in networks of all sizes, refresh their tables as libtorrent does; all look up torrents, of
// which a few are in demand, most are looked up once and by nobody else.
func TestTheVerdictTellsMaintenanceFromDemand(t *testing.T) {
	for name, c := range map[string]struct {
		nodes int
		lost  float64 // of the demand, at most
	}{
		"40 nodes":      {40, 0.05}, // a lookup asks everybody, and what nobody announces has one asker
		"2000 nodes":    {2000, 0.005},
		"100,000 nodes": {100_000, 0.0005},
	} {
		t.Run(name, func(t *testing.T) {
			p := NewPlanet(PlanetConfig{Nodes: c.nodes, Seed: 1, Dead: 0.3, Loss: 0.02, Hashes: 1000})
			synctest.Test(t, func(t *testing.T) {
				o := &observers{ledger: ledger.New(), demand: map[seen]int{}, refresh: map[seen]int{}}
				r := rand.New(rand.NewPCG(1, 1))
				zipf := rand.NewZipf(r, 1.2, 1, 999)
				for i := range 120 {
					n := o.neighbour(p, r, i)
					if i%2 == 1 {
						for range 90 { // a quarter of an hour: one in ten seconds
							n.refresh(r)
						}
					}
					for range 4 {
						hash := p.Hash(int(zipf.Uint64()))
						if r.IntN(2) == 0 {
							binary.BigEndian.PutUint64(hash[:], r.Uint64()) // nobody has it
						}
						lookup.New(lookup.Config{Target: hash, Method: wire.GetPeers, Querier: n, Self: []wire.ID{n.id},
							Seeds: n.Seeds(hash, 16)}).Run(t.Context())
					}
				}
				caught, lost := o.verdicts(t)
				t.Logf("%.4f of the refreshes are caught, %.4f of the demand is lost", caught, lost)
				if caught < 0.98 || lost > c.lost {
					t.Errorf("%.4f of the refreshes are caught, want 0.98; %.4f of the demand is lost, want at most %v", caught, lost, c.lost)
				}
			})
		})
	}
}
