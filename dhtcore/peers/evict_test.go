package peers

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// expectSound checks that everything in the store refers to what refers to it, and that the counts
// are those of the records.
func expectSound(t *testing.T, s *Store) {
	t.Helper()
	peers, entries, blocks := 0, 0, 0
	hosts := map[string]int{}
	for id := range uint32(s.swarms.n) {
		sw := s.swarms.at(id)
		if found, at := s.find(s.key(sw.hash), &sw.hash); found != sw || at != id || sw.len() == 0 {
			t.Fatalf("swarm %d of %d peers is found at %d", id, sw.len(), at)
		}
		for f := range wire.Families {
			l, r := s.list(sw, f), sw.runs[f]
			if r.class == 0 != (r.n == 0) || r.class != 0 && (int(r.n) > capacity(r.class) || s.pools[f][r.class].owner(r.block) != id) {
				t.Fatalf("swarm %d has run %+v", id, r)
			}
			if r.class != 0 {
				blocks++
			}
			peers += l.n
			for i := range l.n {
				if i > 0 && string(l.addr(i-1)) >= string(l.addr(i)) || l.at(i) < sw.oldest {
					t.Fatalf("swarm %d: record %d is out of order or older than the oldest", id, i)
				}
				if isPublic(f, l.record(i)) {
					hosts[string(l.addr(i)[:hostLen(f)])]++
				}
			}
		}
	}
	for _, sh := range s.index.shards {
		entries += sh.Len()
	}
	for f := range wire.Families {
		for class := range s.pools[f] {
			blocks -= s.pools[f][class].n
		}
	}
	known := 0
	for _, sh := range s.hosts.shards {
		known += sh.Len()
	}
	if peers != s.peers || entries != s.swarms.n || blocks != 0 || known != len(hosts) {
		t.Fatalf("%d peers counted as %d, %d swarms in the index as %d, %d blocks too few, %d hosts counted as %d",
			peers, s.peers, s.swarms.n, entries, blocks, len(hosts), known)
	}
	for ip, n := range hosts {
		f := wire.IPv4
		if len(ip) == hostLen(wire.IPv6) {
			f = wire.IPv6
		}
		if rec := append([]byte(ip), make([]byte, 16)...); s.host(f, rec) != n {
			t.Fatalf("%x has %d peers, counted as %d", ip, n, s.host(f, rec))
		}
	}
}

// public is port i of host, an address that is held to its share.
func public(host, i int) netip.AddrPort {
	var ip [4]byte
	binary.BigEndian.PutUint32(ip[:], 0x08000000+uint32(host))
	return netip.AddrPortFrom(netip.AddrFrom4(ip), uint16(1+i%65535))
}

// network is a host in the i-th /64.
func network(i int) netip.AddrPort {
	ip := [16]byte{0x20, 0x01, 0x0d, 0xb8}
	binary.BigEndian.PutUint32(ip[4:], uint32(i))
	return netip.AddrPortFrom(netip.AddrFrom16(ip), 1)
}

// numbered is the i-th hash of a kind.
func numbered(kind byte, i int) (hash [20]byte) {
	hash[0] = kind
	binary.BigEndian.PutUint32(hash[1:], uint32(i))
	return hash
}

func TestTheStoreHoldsWhatAMapWouldHold(t *testing.T) {
	s, r := New(Config{}), rand.New(rand.NewPCG(1, 1))
	type key struct {
		hash byte
		addr netip.AddrPort
	}
	model := map[key]time.Time{}
	now := s.epoch
	for step := range 60_000 {
		now = now.Add(time.Duration(r.IntN(200)) * time.Millisecond)
		k := key{byte(r.ExpFloat64() * 20), public(r.IntN(3000), 0)}
		if r.IntN(3) == 0 {
			k.addr = network(r.IntN(500))
		}
		s.Announce([20]byte{k.hash}, k.addr, false, DHT, now)
		model[k] = now
		if step%5000 != 0 {
			continue
		}
		s.Expire(now)
		limit := s.second(now.Add(-s.cfg.TTL))
		for k, at := range model {
			if s.second(at) < limit {
				delete(model, k)
			}
		}
		expectSound(t, s)
		if _, peers := s.Len(); peers != len(model) {
			t.Fatalf("%d peers, want %d", peers, len(model))
		}
		for hash := range 256 {
			for f := range wire.Families {
				for _, addr := range peersOf(t, s, [20]byte{byte(hash)}, f, false, 5000) {
					if _, there := model[key{byte(hash), addr}]; !there {
						t.Fatalf("%s should not be in %d", addr, hash)
					}
				}
			}
		}
	}
}

func TestAFloodFromOneAddressDrivesOutNobody(t *testing.T) {
	flooders := map[string]func(i int) netip.AddrPort{
		"IPv4 address": func(i int) netip.AddrPort { return public(1<<20, i) },
		"IPv6 /64": func(i int) netip.AddrPort {
			ip := [16]byte{0x20, 0x01, 0x0d, 0xb8}
			binary.BigEndian.PutUint32(ip[12:], uint32(i))
			return netip.AddrPortFrom(netip.AddrFrom16(ip), 1)
		},
	}
	for name, flooder := range flooders {
		t.Run(name, func(t *testing.T) {
			const honest = 1000
			s := New(Config{MaxHashes: 3000, MaxTotal: 5000, MaxPeers: 100})
			now := s.epoch
			for i := range honest {
				s.Announce(numbered(1, i), public(i, 0), false, DHT, now)
			}
			for i := range 100 { // a swarm that is full
				s.Announce(numbered(2, 0), public(i, 0), false, DHT, now)
			}
			announces := 1_000_000
			if name != "IPv4 address" {
				announces = 100_000 // the same code
			}
			for i := range announces {
				hash := numbered(3, i)
				switch {
				case i%3 == 1:
					hash = numbered(1, i%honest)
				case i%100 == 0:
					hash = numbered(2, 0)
				}
				s.Announce(hash, flooder(i), false, Source(1+i%2), now.Add(time.Duration(i)*time.Millisecond))
			}
			if _, peers := s.Len(); peers > honest+100+DefaultMaxPerIP {
				t.Errorf("%d peers in the store", peers)
			}
			for i := range honest {
				if !slices.Contains(peersOf(t, s, numbered(1, i), wire.IPv4, false, 200), public(i, 0)) {
					t.Fatalf("honest swarm %d lost its peer", i)
				}
			}
			lost := 100
			for _, p := range peersOf(t, s, numbered(2, 0), wire.IPv4, false, 200) {
				if p.Addr() != flooder(0).Addr() {
					lost--
				}
			}
			if lost > perHost {
				t.Errorf("the full swarm lost %d peers", lost)
			}
			// A newcomer is still let in.
			if n := s.Announce(numbered(4, 0), public(5000, 1), false, DHT, now.Add(time.Minute)); n != 1 {
				t.Errorf("a newcomer's swarm has %d peers", n)
			}
			expectSound(t, s)
		})
	}
}

func TestPrivateAddressesMayBeManyNodes(t *testing.T) {
	s := New(Config{MaxPerIP: 5})
	for i := range 100 {
		for j, ip := range []string{"127.0.0.1", "192.168.0.1", "::1", "8.8.8.8", "2001:4860::1"} {
			s.Announce(numbered(byte(j), i/10), netip.AddrPortFrom(netip.MustParseAddr(ip), uint16(1+i)), false, Tracker, s.epoch)
		}
	}
	expectSound(t, s)
	expectLen(t, s, 32, 310)
}

// BEP 33: a swarm in the DHT is a set of IP addresses. Behind one address of the tracker's there may be many clients, and
// in a private network many nodes.
func TestAPublicAddressIsOnePeerOfASwarmInTheDHT(t *testing.T) {
	for _, c := range []struct {
		ip          string
		family      wire.Family
		dht, within int // peers after ten announces at ten ports, and with five more of the tracker
	}{{"8.8.8.8", wire.IPv4, 1, 6}, {"2001:4860::1", wire.IPv6, 1, 6}, {"10.0.0.9", wire.IPv4, 10, 15}, {"fd00::9", wire.IPv6, 10, 15}} {
		s, at := New(Config{}), func(port int) netip.AddrPort { return netip.AddrPortFrom(netip.MustParseAddr(c.ip), uint16(port)) }
		neighbour := netip.AddrPortFrom(at(1).Addr().Next(), 5)
		s.Announce(hashB, at(1), false, DHT, s.epoch)
		s.Announce(hashA, neighbour, true, DHT, s.epoch)
		for port := range 10 {
			s.Announce(hashA, at(1+port*7%10), port == 9, DHT, s.epoch.Add(time.Duration(port)*time.Second))
		}
		got := peersOf(t, s, hashA, c.family, false, 50)
		if len(got) != c.dht+1 || !slices.Contains(got, at(4)) || !slices.Contains(got, neighbour) || len(peersOf(t, s, hashB, c.family, false, 50)) != 1 {
			t.Errorf("%s: %v", c.ip, got)
		}
		if seeds := len(got) - len(peersOf(t, s, hashA, c.family, true, 50)); seeds != 2 {
			t.Errorf("%s: %d seeds, of which the last announce is one", c.ip, seeds)
		}
		for port := range 5 {
			s.Announce(hashA, at(100+port), false, Tracker, s.epoch)
		}
		s.Announce(hashA, at(4), false, DHT, s.epoch)
		if got := peersOf(t, s, hashA, c.family, false, 50); len(got) != c.within+1 {
			t.Errorf("%s: %v with the tracker's", c.ip, got)
		}
		expectSound(t, s)
	}
}

func TestAPeerThatChangesItsPortAloneInItsSwarmStaysThere(t *testing.T) {
	s := New(Config{MaxHashes: 2, MaxPerIP: 1})
	s.Announce(hashA, public(1, 1), false, DHT, s.epoch)
	s.Announce(hashB, public(2, 1), false, DHT, s.epoch)
	if n := s.Announce(hashA, public(1, 7), false, DHT, s.epoch.Add(time.Minute)); n != 1 {
		t.Errorf("a swarm of %d", n)
	}
	if got := peersOf(t, s, hashA, wire.IPv4, false, 50); len(got) != 1 || got[0] != public(1, 7) {
		t.Errorf("%v", got)
	}
	expectSound(t, s)
}

func TestAFullSwarmGivesUpItsStalestPeer(t *testing.T) {
	s := New(Config{MaxPeers: 10})
	for i := range 30 {
		s.Announce(hashA, public((i*7)%30, 0), false, DHT, s.epoch.Add(time.Duration(i)*time.Second))
	}
	var want []netip.AddrPort
	for i := 20; i < 30; i++ {
		want = append(want, public((i*7)%30, 0))
	}
	slices.SortFunc(want, netip.AddrPort.Compare)
	if got := peersOf(t, s, hashA, wire.IPv4, false, 50); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	expectSound(t, s)
}

func TestAFullStoreTakesFromExpiredThenFromTheLargest(t *testing.T) {
	s := New(Config{MaxTotal: 300, MaxHashes: 150})
	for i := range 50 {
		s.Announce(hashB, network(i), false, DHT, s.epoch)
	}
	now := s.epoch.Add(20 * time.Minute)
	for i := range 150 {
		s.Announce(hashA, public(i, 0), false, DHT, now.Add(time.Duration(i)*time.Second))
	}
	for i := range 100 {
		s.Announce(numbered(7, i), public(1000+i, 0), false, DHT, now)
	}
	expectLen(t, s, 102, 300)
	now = s.epoch.Add(DefaultTTL + time.Second)
	s.Announce(numbered(8, 0), public(2000, 0), false, DHT, now)
	expectLen(t, s, 102, 251)
	for i := range 47 { // hashes 103 to 149
		s.Announce(numbered(8, 1+i), public(2001+i, 0), false, DHT, now)
	}
	for i := range 20 {
		s.Announce(numbered(8, i), public(3000+i, 0), false, DHT, now)
	}
	expectLen(t, s, 149, 300)
	if n := len(peersOf(t, s, hashA, wire.IPv4, false, 300)); n > 141 || n < 130 {
		t.Errorf("the largest swarm has %d of its 150 peers", n)
	}
	for i := range 100 {
		if len(peersOf(t, s, numbered(7, i), wire.IPv4, false, 5)) != 1 {
			t.Errorf("a swarm of one peer lost it")
		}
	}
	// When there are as many swarms as there may be, those of one stale peer make way.
	later := now.Add(DefaultTTL/2 - time.Minute) // hashes of kind 7 are stale by then, those of 8 not
	for i := range 40 {
		if n := s.Announce(numbered(9, i), public(4000+i, 0), false, DHT, later); n != 1 {
			t.Fatalf("newcomer %d: a swarm of %d", i, n)
		}
	}
	for i := range 48 {
		if len(peersOf(t, s, numbered(8, i), wire.IPv4, false, 5)) == 0 {
			t.Errorf("a fresh swarm made way")
		}
	}
	expectSound(t, s)
}

func TestExpiryLooksAtALittleAtATime(t *testing.T) {
	s := New(Config{})
	const swarms = 3 * expireStep
	for i := range swarms {
		s.Announce(numbered(1, i), public(i, 0), false, DHT, s.epoch)
	}
	gone, rest := s.expireFew(swarms, 1)
	if gone > expireStep/removeCost || gone < expireStep/removeCost/2 || rest != swarms-gone {
		t.Errorf("one step took %d and left %d", gone, rest)
	}
	expectSound(t, s)
	if more := s.Expire(s.epoch.Add(time.Hour)); more != rest {
		t.Errorf("the rest took %d of %d", more, rest)
	}
	expectLen(t, s, 0, 0)
	expectSound(t, s)
}

func TestTheIndexFindsWhatAMapWouldFind(t *testing.T) {
	x, model, r := newIndex(5000), map[uint64]uint32{}, rand.New(rand.NewPCG(3, 3))
	for step := range 200_000 {
		key := r.Uint64N(3000) * 0x9e3779b97f4a7c15
		if step > 100_000 { // shrink
			key = r.Uint64N(100) * 0x9e3779b97f4a7c15
		}
		e, want := x.find(key, anyValue), model[key]
		switch {
		case e == nil != (want == 0) || e != nil && e.Value != want:
			t.Fatalf("step %d: found %v, want %d", step, e, want)
		case e == nil:
			model[key] = uint32(step + 1)
			x.add(key, uint32(step+1))
		default:
			delete(model, key)
			x.remove(key, e)
		}
	}
}

func TestTheStoreIsCompact(t *testing.T) {
	const n = 200_000
	for name, c := range map[string]struct {
		hashes, most int
		tracked      bool
	}{"a peer a hash": {n, 120, false}, "ten peers a hash": {n / 10, 40, false}, "ten peers a hash, as the tracker keeps them": {n / 10, 60, true}} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		s := New(Config{MaxHashes: n, PeerIDs: c.tracked})
		for i := range n {
			if hash := numbered(1, i%c.hashes); c.tracked {
				s.Track(&Update{Hash: hash, Peer: public(i, 0), Life: s.cfg.TTL}, nil, s.epoch)
			} else {
				s.Announce(hash, public(i, 0), false, DHT, s.epoch)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		expectLen(t, s, c.hashes, n)
		if each := (after.HeapAlloc - before.HeapAlloc) / n; each > uint64(c.most) {
			t.Errorf("%s: %d bytes each", name, each)
		}
		s.TakeAnnounces(func([]Announces) {})
		s.Expire(s.epoch.Add(time.Hour))
		runtime.GC()
		runtime.ReadMemStats(&after)
		if left := int64(after.HeapAlloc) - int64(before.HeapAlloc); left > 500_000 {
			t.Errorf("%s: %d bytes are left when all have expired", name, left)
		}
		runtime.KeepAlive(s)
	}
}
