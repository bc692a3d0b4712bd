package cli_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// Of the 72 clients of a state, three start at a time, so that few lookups run at once.
const (
	warmPause    = 500 * time.Millisecond
	warmPatience = 2 * time.Minute
	atRest       = 30 * time.Second // after joining
)

// BenchmarkWarmLookup measures the first lookup of a client that joined 5 or 30 s ago, on two networks of conditions B: a
// dhtop process with an empty data directory, a libtorrent session and a node of npm's bittorrent-dht for each hash, so
// that no lookup is warmed by another one. "Joined" is what each client says of itself. Run it on an idle machine, where it
// takes four minutes.
func BenchmarkWarmLookup(b *testing.B) {
	python := needs.Libtorrent(b)
	nodeJS := needs.Program(b, "node", "nodejs")
	_, err := os.Stat(scriptDir + "/node_modules/bittorrent-dht")
	needs.That(b, err == nil, "npm package bittorrent-dht")
	dhtop, err := build()
	if err != nil {
		b.Fatal(err)
	}
	for i, seed := range []uint64{1, 77} { // what was tuned was tuned on the first
		b.Run(fmt.Sprint("network", i+1), func(b *testing.B) {
			var w warmTap
			n, stop := tappedNetwork(b, seed, w.tap)
			defer stop()
			bootstrap := hostsOf(n.Contacts()[:3])
			for state, warm := range []time.Duration{5 * time.Second, atRest} {
				b.Run("after "+warm.String(), func(b *testing.B) {
					clients := []*warmClient{
						{prefix: "", run: func(c *warmClient) { c.dhtop(b, dhtop, warm, bootstrap) }},
						{prefix: "lt-", run: func(c *warmClient) { c.script(b, python, "libtorrent_warm.py", warm, bootstrap) }},
						{prefix: "npm-", run: func(c *warmClient) { c.script(b, nodeJS, "webtorrent_warm.mjs", warm, bootstrap) }},
					}
					for round := 0; b.Loop(); round++ {
						w.round(b, n, clients, 10*round+state)
					}
					for _, c := range clients {
						c.all.report(b, c.prefix)
						b.ReportMetric(c.queries/float64(len(c.all.done)), c.prefix+"queries")
					}
					if warm == atRest {
						b.ReportMetric(clients[0].atRest(), "packets/s-at-rest")
					}
				})
			}
		})
	}
}

// warmTask is one lookup, of a client at an address of its own.
type warmTask struct {
	ip      netip.Addr
	hash    wire.ID
	swarm   []netip.AddrPort
	closest []wire.Contact
}

// warmClient is a kind of client.
type warmClient struct {
	prefix  string
	run     func(c *warmClient) // looks up all tasks
	tasks   []warmTask
	all     coldLookups
	queries float64 // get_peers, dead nodes included

	mu      sync.Mutex
	lookups map[wire.ID]coldLookup
	resting []float64 // packets a second of each process between joining and the lookup
	tap     *warmTap
}

// round has each of the clients look up the same hashes.
func (w *warmTap) round(b *testing.B, n *simnet.Network, clients []*warmClient, round int) {
	var tasks []warmTask
	for i := range coldHashes {
		hash := testnet.InfoHash(uint64(2000+round), i)
		tasks = append(tasks, warmTask{hash: hash, swarm: n.Plant(hash, 300), closest: n.Closest(hash, 8)})
	}
	var running sync.WaitGroup
	for kind, c := range clients {
		c.tap, c.lookups, c.tasks = w, map[wire.ID]coldLookup{}, slices.Clone(tasks)
		for i := range c.tasks { // testnet.LoopbackIP draws none of 127.0
			c.tasks[i].ip = netip.AddrFrom4([4]byte{127, 0, byte(100 + 3*round + kind), byte(1 + i)})
		}
		running.Go(func() { c.run(c) })
	}
	running.Wait()
	for _, c := range clients {
		for _, t := range c.tasks {
			l, ok := c.lookups[t.hash]
			if !ok {
				b.Fatalf("%q has not looked up %s", c.prefix, t.hash)
			}
			queries, reached := w.asked(t)
			l.closest = reached
			c.all.add(l, t.swarm, t.closest)
			c.queries += float64(queries)
		}
	}
}

// dhtop runs a process of "dhtop peers" for each task.
func (c *warmClient) dhtop(b *testing.B, program string, warm time.Duration, bootstrap []string) {
	var running sync.WaitGroup
	for _, t := range c.tasks {
		running.Go(func() {
			l, err := lookUpWarm(program, b.TempDir(), warm, bootstrap, t)
			if err != nil {
				b.Errorf("dhtop peers: %v", err)
				return
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			c.lookups[t.hash] = l
		})
		running.Go(func() {
			time.Sleep(warm / 2)
			before := c.tap.sent(t.ip)
			time.Sleep(warm * 2 / 5)
			c.mu.Lock()
			defer c.mu.Unlock()
			c.resting = append(c.resting, float64(c.tap.sent(t.ip)-before)/(warm*2/5).Seconds())
		})
		time.Sleep(warmPause)
	}
	running.Wait()
}

// atRest is how many packets a second a process of ours sent while it waited.
func (c *warmClient) atRest() (mean float64) {
	for _, r := range c.resting {
		mean += r / float64(len(c.resting))
	}
	return mean
}

// lookUpWarm runs "dhtop peers --warm".
func lookUpWarm(program, dir string, warm time.Duration, bootstrap []string, t warmTask) (l coldLookup, err error) {
	cmd := peersCommand(program, dir, bootstrap, t.hash, "--json", "--warm", warm.String(), "--bind", t.ip.String())
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return l, fmt.Errorf("%w: %s", err, &errs)
	}
	var lookups []struct {
		First int64 `json:"first_peer_ms"`
		Done  int64 `json:"elapsed_ms"`
		Peers []struct{ Addr string }
	}
	if err := json.Unmarshal(out, &lookups); err != nil {
		return l, err
	}
	found := lookups[0]
	l = coldLookup{first: time.Duration(found.First) * time.Millisecond, done: time.Duration(found.Done) * time.Millisecond,
		peers: map[string]bool{}}
	for _, p := range found.Peers {
		l.peers[p.Addr] = true
	}
	return l, nil
}

// script has a script of another client look up all tasks.
func (c *warmClient) script(b *testing.B, interpreter, script string, warm time.Duration, bootstrap []string) {
	args := append([]string{script, fmt.Sprint(warm.Seconds()), fmt.Sprint(warmPause.Seconds())}, bootstrap...)
	cmd := exec.CommandContext(b.Context(), interpreter, args...)
	cmd.Dir, cmd.Stderr, cmd.WaitDelay = scriptDir, os.Stderr, warmPatience
	var in strings.Builder
	for _, t := range c.tasks {
		fmt.Fprintln(&in, t.ip, t.hash)
	}
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.Output()
	if err != nil {
		b.Errorf("%s: %v", script, err)
		return
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line scriptAnswer
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			b.Errorf("%s: %s: %v", script, lines.Bytes(), err)
			return
		}
		c.lookups[line.Hash] = line.lookup()
	}
}

// warmTap counts at the network's side what the clients send, so that each is measured alike.
type warmTap struct {
	mu      sync.Mutex
	packets map[netip.Addr]int
	askedOf map[warmQuestion]map[wire.ID]int // queries to each node
}

type warmQuestion struct {
	from netip.Addr
	hash wire.ID
}

func (w *warmTap) tap(at wire.Contact, p node.Packet) {
	from := p.Addr.Addr()
	if as := from.As4(); as[1] != 0 { // a node of the network
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.packets == nil {
		w.packets, w.askedOf = map[netip.Addr]int{}, map[warmQuestion]map[wire.ID]int{}
	}
	w.packets[from]++
	var m wire.Message
	if wire.Scan(p.Buf, &m) != nil || m.Kind != wire.KindQuery || m.Method != wire.GetPeers {
		return
	}
	q := warmQuestion{from, m.Target}
	if w.askedOf[q] == nil {
		w.askedOf[q] = map[wire.ID]int{}
	}
	w.askedOf[q][at.ID]++
}

// sent returns how many packets came from ip.
func (w *warmTap) sent(ip netip.Addr) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.packets[ip]
}

// asked returns how many queries for the peers of a hash its client sent, and which nodes were asked.
func (w *warmTap) asked(t warmTask) (queries int, nodes []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, count := range w.askedOf[warmQuestion{t.ip, t.hash}] {
		queries += count
		nodes = append(nodes, id.String())
	}
	return queries, nodes
}
