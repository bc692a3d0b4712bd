package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// coldLookup is one lookup of a client that knew nobody.
type coldLookup struct {
	first, done time.Duration // since it started
	peers       map[string]bool
	closest     []string // IDs
}

// BenchmarkColdLookup measures how long somebody waits who types "dhtop peers HASH" with an empty data directory, beside
// npm's bittorrent-dht, which counts from its creation: the start of node is not its fault. Both look up the same
// hashes in turns, on two networks of conditions B, from one bootstrap node and from three; and so does a flood, which says
// how soon a first peer can be had there at all. Run it on an idle machine.
func BenchmarkColdLookup(b *testing.B) {
	nodeJS := needs.Program(b, "node", "nodejs")
	_, err := os.Stat(scriptDir + "/node_modules/bittorrent-dht")
	needs.That(b, err == nil, "npm package bittorrent-dht")
	dhtop, err := build()
	if err != nil {
		b.Fatal(err)
	}
	for i, seed := range []uint64{1, 77} { // what was tuned was tuned on the first
		b.Run(fmt.Sprint("network", i+1), func(b *testing.B) {
			n, stop := coldNetwork(b, seed)
			defer stop()
			for _, hosts := range []int{1, 3} {
				b.Run(fmt.Sprint("hosts", hosts), func(b *testing.B) {
					var ours, theirs, flood coldLookups
					for round := uint64(0); b.Loop(); round++ {
						for i := range coldHashes {
							hash := testnet.InfoHash(1000*uint64(hosts)+round, i)
							swarm := n.Plant(hash, 300)
							closest := n.Closest(hash, 8)
							bootstrap := hostsOf(n.Contacts()[3*i : 3*i+hosts])
							ours.add(lookUpCold(b, dhtop, b.TempDir(), bootstrap, hash), swarm, closest)
							theirs.add(webtorrentCold(b, nodeJS, bootstrap, hash), swarm, nil)
							flood.add(floodCold(b, bootstrap, hash), nil, nil)
						}
					}
					ours.report(b, "")
					theirs.report(b, "npm-")
					flood.reportFirst(b, "floor-")
				})
			}
		})
	}
}

// coldHashes is how many hashes a round looks up.
const coldHashes = 24

// coldNetwork is a network of 2,000 nodes, 30 % of them dead, with round trips of 50 to 150 ms.
func coldNetwork(b *testing.B, seed uint64) (n *simnet.Network, stop func()) {
	b.Helper()
	return tappedNetwork(b, seed, nil)
}

// tappedNetwork is coldNetwork with the tap of simnet.Config.
func tappedNetwork(b *testing.B, seed uint64, tap func(at wire.Contact, p node.Packet)) (n *simnet.Network, stop func()) {
	b.Helper()
	n, err := simnet.Loopback(simnet.Config{Nodes: 2000, Seed: seed, Dead: 0.3, MinRTT: 50 * time.Millisecond,
		MaxRTT: 150 * time.Millisecond, Tap: tap})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { n.Run(ctx, testnet.Demand{}) })
	return n, func() {
		cancel()
		running.Wait()
	}
}

// hostsOf is nodes as --bootstrap takes them.
func hostsOf(nodes []wire.Contact) (hosts []string) {
	for _, c := range nodes {
		hosts = append(hosts, c.Addr.String())
	}
	return hosts
}

// peersCommand is "dhtop peers" with a data directory.
func peersCommand(dhtop, data string, bootstrap []string, hash wire.ID, args ...string) *exec.Cmd {
	args = append([]string{"peers", hash.String(), "--port", "0", "--data", data, "--store", "none"}, args...)
	for _, host := range bootstrap {
		args = append(args, "--bootstrap", host)
	}
	return exec.Command(dhtop, args...)
}

// lookUpCold runs "dhtop peers" with a data directory.
func lookUpCold(b *testing.B, dhtop, data string, bootstrap []string, hash wire.ID) (l coldLookup) {
	b.Helper()
	l.peers = map[string]bool{}
	cmd := peersCommand(dhtop, data, bootstrap, hash, "--ndjson", "--bind", "127.0.0.1")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Addr    string
			Closest []struct{ ID string }
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			b.Fatalf("%s: %v", lines.Bytes(), err)
		}
		if line.Addr != "" {
			if l.first == 0 {
				l.first = time.Since(began)
			}
			l.peers[line.Addr] = true
		}
		for _, c := range line.Closest {
			l.closest = append(l.closest, c.ID)
		}
	}
	err = cmd.Wait()
	if l.done = time.Since(began); err != nil {
		b.Fatalf("dhtop peers: %v: %s", err, &errs)
	}
	return l
}

// webtorrentCold runs npm's bittorrent-dht.
func webtorrentCold(b *testing.B, nodeJS string, bootstrap []string, hash wire.ID) (l coldLookup) {
	b.Helper()
	cmd := exec.Command(nodeJS, append([]string{"webtorrent_cold.mjs", hash.String()}, bootstrap...)...)
	cmd.Dir = scriptDir
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	var answer scriptAnswer
	if err := json.Unmarshal(out, &answer); err != nil {
		b.Fatal(err)
	}
	return answer.lookup()
}

// scriptAnswer is what a script of another client writes about a lookup.
type scriptAnswer struct {
	Hash  wire.ID // of a script that has several lookups
	First float64 `json:"first_ms"`
	Done  float64 `json:"done_ms"`
	Peers []string
}

func (a *scriptAnswer) lookup() coldLookup {
	l := coldLookup{first: time.Duration(a.First * 1e6), done: time.Duration(a.Done * 1e6), peers: map[string]bool{}}
	for _, p := range a.Peers {
		l.peers[p] = true
	}
	return l
}

// coldLookups are what the lookups of one client brought.
type coldLookups struct {
	first, done     []time.Duration
	recall, closest float64 // sums
}

func (ls *coldLookups) add(l coldLookup, swarm []netip.AddrPort, closest []wire.Contact) {
	if l.first == 0 {
		l.first = l.done
	}
	ls.first, ls.done = append(ls.first, l.first), append(ls.done, l.done)
	for _, p := range swarm {
		if l.peers[p.String()] {
			ls.recall += 1 / float64(len(swarm))
		}
	}
	for _, c := range closest {
		if slices.Contains(l.closest, c.ID.String()) {
			ls.closest++
		}
	}
}

// quantileMS sorts times, and returns one of them in milliseconds.
func quantileMS(times []time.Duration, p float64) float64 {
	slices.Sort(times)
	return float64(times[int(p*float64(len(times)-1)+0.5)].Milliseconds())
}

func (ls *coldLookups) reportFirst(b *testing.B, prefix string) {
	b.ReportMetric(quantileMS(ls.first, 0.5), prefix+"first-p50-ms")
	b.ReportMetric(quantileMS(ls.first, 0.9), prefix+"first-p90-ms")
}

func (ls *coldLookups) report(b *testing.B, prefix string) {
	ls.reportFirst(b, prefix)
	b.ReportMetric(0, "ns/op") // of a round, which says nothing
	b.ReportMetric(quantileMS(ls.done, 0.5), prefix+"done-p50-ms")
	b.ReportMetric(ls.recall/float64(len(ls.done)), prefix+"recall300")
	if ls.closest > 0 {
		b.ReportMetric(ls.closest/float64(len(ls.done)), prefix+"closest8")
	}
}
