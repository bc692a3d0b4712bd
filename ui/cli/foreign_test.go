package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"dhtop/dhtcore/wire"
)

// foreign is another program's DHT, whose nodes join through ours. Nodes are numbered in the order of
// their start.
type foreign interface {
	// start adds a node at the address ip, joins it through dhtop and returns where it listens.
	start(ip, dhtop string) string
	// announce says that the node is a peer of hash, at port, or at the port that it sends from when
	// port is 0, and returns the peer's address. A client that cannot choose its port takes another.
	announce(node int, hash string, port int) string
	// find looks hash up and returns the peers that dhtop told and the client took.
	find(node int, hash string) []string
	// nodes returns the addresses in the node's routing table.
	nodes(node int) []string
	// sent returns how many get_peers for hash the node sent to dhtop.
	sent(node int, hash string) int
}

// The scenario: this many nodes, and hashes that this many of them ask for. In so small a network a single request of
// libtorrent may look like maintenance.
const foreignNodes = 5

var demand = []int{3, 5, 2}

func TestForeignClientsLiveWithDhtop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		open func(*testing.T) foreign
	}{
		{"anacrolix", openAnacrolix},
		{"libtorrent", openLibtorrent},
		{"webtorrent", openWebtorrent},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := c.open(t)
			liveWith(t, client, serveOnLoopback(t))
		})
	}
}

func liveWith(t *testing.T, client foreign, dhtop *server) {
	first := client.start(loopback(0), dhtop.addr)
	dhtop.await(t, "node_joined", "", first)

	explicit, implied := randomHash(), randomHash()
	peers := map[string]string{explicit: client.announce(0, explicit, 7001), implied: client.announce(0, implied, 0)}
	for hash, peer := range peers {
		dhtop.await(t, "announced", hash, peer)
	}

	for n := 1; n < foreignNodes; n++ {
		dhtop.await(t, "node_joined", "", client.start(loopback(n), dhtop.addr))
		// It was given no address but ours.
		eventually(t, "a node learns of the first through dhtop", func() bool { return slices.Contains(client.nodes(n), first) })
	}
	for hash, peer := range peers {
		if found := client.find(1, hash); !slices.Contains(found, peer) {
			t.Errorf("it announced %s through dhtop, but found %v there", peer, found)
		}
	}

	asked := ask(t, client, dhtop)
	findWithDhtop(t, dhtop, peers)
	dhtop.stop(t)
	wantRanking(t, dhtop, asked)
}

// ask has as many nodes look up a hash as demand says, and returns how many requests left for dhtop.
func ask(t *testing.T, client foreign, dhtop *server) (sent map[string]int) {
	sent = map[string]int{}
	for _, askers := range demand {
		hash := randomHash()
		for n := range askers {
			client.find(n, hash)
			sent[hash] += client.sent(n, hash)
		}
		if sent[hash] < askers {
			t.Fatalf("%d nodes looked up a hash, but dhtop was asked %d times", askers, sent[hash])
		}
		eventually(t, fmt.Sprintf("dhtop sees %d requests", sent[hash]), func() bool { return len(dhtop.seen("requested", hash)) >= sent[hash] })
		seen, sources := dhtop.seen("requested", hash), map[string]bool{}
		for _, addr := range seen {
			sources[addr] = true
		}
		if len(seen) != sent[hash] {
			t.Errorf("%d requests were sent, dhtop saw %d", sent[hash], len(seen))
		}
		if len(sources) != askers {
			t.Errorf("%d nodes looked up a hash, but dhtop saw it come from %v", askers, sources)
		}
	}
	return sent
}

// findWithDhtop has our own peers command find what the clients announced.
func findWithDhtop(t *testing.T, dhtop *server, peers map[string]string) {
	args := []string{"peers", "--json", "--bind", "127.0.0.1", "--port", "0", "--no-ipv6", "--bootstrap", dhtop.addr,
		"--data", t.TempDir(), "--store", "none"}
	for hash := range peers {
		args = append(args, hash)
	}
	var lookups []struct {
		InfoHash string `json:"info_hash"`
		Peers    []struct {
			Addr string
			From []string
		}
		Queries, Replies int
	}
	out := runProgram(t, args...)
	if err := json.Unmarshal(out, &lookups); err != nil || len(lookups) != len(peers) {
		t.Fatalf("dhtop peers: %d objects, %v\n%s", len(lookups), err, out)
	}
	for _, l := range lookups {
		found := false
		for _, p := range l.Peers {
			found = found || p.Addr == peers[l.InfoHash] && slices.Contains(p.From, dhtop.addr)
		}
		if !found {
			t.Errorf("dhtop peers did not find %s:\n%s", peers[l.InfoHash], out)
		}
		if l.Replies < 2 {
			t.Errorf("no foreign node answered dhtop peers:\n%s", out)
		}
	}
}

// wantRanking compares the counts that the stopped node left behind with what the clients sent. What one
// source repeats within a minute is one request in the ranking; the raw count has all.
func wantRanking(t *testing.T, dhtop *server, sent map[string]int) {
	var rows []struct {
		Rank, Requests, Sources int
		InfoHash                string `json:"info_hash"`
		Origins                 []struct {
			Raw int `json:"raw_requests"`
		}
	}
	out := runProgram(t, "export", "--json", "--data", dhtop.dir, "--store", dhtop.store)
	if err := json.Unmarshal(out, &rows); err != nil || len(rows) == 0 {
		t.Fatalf("dhtop export: %v\n%s", err, out)
	}
	ranked := 0
	for i, row := range rows {
		if row.Rank != i+1 {
			t.Errorf("row %d has rank %d", i+1, row.Rank)
		}
		if i > 0 && row.Requests > rows[i-1].Requests {
			t.Errorf("rank %d has %d requests, the one before it %d", i+1, row.Requests, rows[i-1].Requests)
		}
		if want, ok := sent[row.InfoHash]; ok {
			ranked++
			if len(row.Origins) != 1 || row.Origins[0].Raw != want {
				t.Errorf("%d requests were sent, counted were %+v", want, row)
			}
			if !slices.Contains(demand, row.Sources) || row.Requests != row.Sources {
				t.Errorf("want one request of each of %v sources: %+v", demand, row)
			}
		}
	}
	if ranked != len(sent) {
		t.Errorf("%d of the %d hashes asked for are in the ranking:\n%s", ranked, len(sent), out)
	}
}

// loopback returns an address for node n. Each has a /24 of its own, as some clients keep one node of
// a /24 in a bucket only.
func loopback(n int) string { return fmt.Sprintf("127.0.%d.1", n+1) }

func randomHash() string { return wire.RandomID().String() }
