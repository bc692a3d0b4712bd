package tracker_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/scrape"
	"dhtop/dhtcore/wire"
)

// Where our own program is in the network of the clients.
const (
	nodePort    = 6881 // of the first identity of our node; the others follow it
	identities  = 8    // Transmission looks nothing up before it knows nine nodes, the other clients among them
	trackerPort = 6969
)

func nodeAddr(ip netip.Addr) string    { return netip.AddrPortFrom(ip, nodePort).String() }
func trackerAddr(ip netip.Addr) string { return netip.AddrPortFrom(ip, trackerPort).String() }

// patience is how long a step may take. Transmission greets a node every two seconds until it knows nine, then looks a
// torrent up within ten seconds, and it and aria2 let others download every ten.
const patience = 60 * time.Second

func TestClientsDownloadFromOneAnother(t *testing.T) {
	t.Parallel()
	needs.Libtorrent(t)
	needs.Program(t, "aria2c", "aria2")
	needs.Program(t, "transmission-daemon", "transmission-daemon")
	if !needs.OwnNetwork(t) {
		return
	}
	net := needs.NewSwitch(t)
	w := openWorld(t)
	open := func(dht bool) map[string]bittorrent {
		return map[string]bittorrent{"transmission": startTransmission(t, net, dht), "aria2": startAria2(t, net, dht), "libtorrent": startLibtorrent(t, net, dht, true)}
	}
	without, with := open(false), open(true) // a DHT
	two := map[string]bittorrent{"libtorrent": without["libtorrent"], "another libtorrent": startLibtorrent(t, net, false, true)}
	uneven := map[string]bittorrent{"transmission": without["transmission"], "libtorrent without IPv6": startLibtorrent(t, net, false, false)}
	v4, v6 := trackerAddr(needs.SwitchIPv4), trackerAddr(needs.SwitchIPv6)
	for _, c := range []struct {
		name    string
		clients map[string]bittorrent
		swarm   swarm
	}{
		{"only our tracker, over HTTP", without, swarm{announce: "http://" + v4 + "/announce"}},
		{"only our tracker, over HTTP and IPv6", without, swarm{announce: "http://" + v6 + "/announce"}},
		{"only our tracker, over UDP", without, swarm{announce: "udp://" + v4 + "/announce"}},
		{"only our tracker, over UDP and IPv6", two, swarm{announce: "udp://" + v6 + "/announce"}}, // the only one of them that can
		// Transmission names its IPv6 address (BEP 7), where the other cannot reach it.
		{"only our tracker, one without IPv6", uneven, swarm{announce: "http://" + v4 + "/announce"}},
		{"only our node", with, swarm{dht: true}},
		{"our tracker and our node", with, swarm{announce: "udp://" + v4 + "/announce", dht: true}},
		{"our tracker, as they are private", with, swarm{announce: "http://" + v4 + "/announce", private: true}},
	} {
		for seeder := range c.clients {
			t.Run("with "+c.name+" "+seeder+" seeds", func(t *testing.T) {
				t.Parallel()
				s := c.swarm
				s.torrent = newTorrent(t, c.name+" "+seeder, s.announce, s.private)
				s.seeder, s.clients = c.clients[seeder], maps.Clone(c.clients)
				w.share(t, &s)
			})
		}
	}
}

// world is our own program in the network of the clients: a node that knows nobody, and a tracker.
type world struct {
	*dhtcore.Explorer
	scraper *scrape.Client
}

func openWorld(t *testing.T) *world {
	t.Helper()
	addr := fmt.Sprintf(":%d", trackerPort)
	e, err := dhtcore.Open(dhtcore.Config{Bind: []netip.Addr{needs.SwitchIPv4, needs.SwitchIPv6}, Port: nodePort, Vantages: identities, Bootstrap: []string{},
		Limits: dhtcore.DemoLimits(), Tracker: &dhtcore.TrackerConfig{HTTP: addr, UDP: addr}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	scraper, err := scrape.New(scrape.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { scraper.Close() })
	return &world{e, scraper}
}

// swarm is a torrent that clients share.
type swarm struct {
	*torrent
	announce string // URL of our tracker; "" for none
	dht      bool   // they announce it to our node
	private  bool   // (BEP 27)
	clients  map[string]bittorrent
	seeder   bittorrent // one of them
}

// share has one client seed a torrent and the others download it.
func (w *world) share(t *testing.T, s *swarm) {
	writeFile(t, filepath.Join(s.seeder.files(), s.name), s.data)
	add(t, s.seeder, s.torrent)
	first := *s
	first.dht = s.dht && s.announce == "" // in the DHT Transmission takes its time
	w.await(t, &first, "the seeder announces", 1, dhtcore.TrackerCounts{Seeds: 1})
	others := maps.Clone(s.clients)
	maps.DeleteFunc(others, func(_ string, c bittorrent) bool { return c == s.seeder })
	for _, c := range others {
		add(t, c, s.torrent)
	}
	for name, c := range others {
		if !within(func() bool {
			got, err := os.ReadFile(filepath.Join(c.files(), s.name))
			return err == nil && bytes.Equal(got, s.data)
		}) {
			t.Fatalf("waited %s in vain: %s has the file", patience, name)
		}
	}
	all := dhtcore.TrackerCounts{Seeds: len(s.clients), Completed: len(others)}
	w.await(t, s, "all say that they have it", len(s.clients), all)
	if s.announce != "" {
		w.wantScrapes(t, s.hash, all)
	}
	if row, _ := w.HashRow(s.hash); s.private && row.RawRequests+row.Announces > 0 {
		t.Errorf("the private torrent is in the DHT: our node was asked for it %d times and told of it %d times", row.RawRequests, row.Announces)
	}
	for _, c := range s.clients {
		if err := c.remove(s.torrent); err != nil {
			t.Fatal(err)
		}
	}
	if !within(func() bool { c := w.TrackerCounts(s.hash); return c.Seeds+c.Leechers == 0 }) {
		t.Errorf("waited %s in vain: all leave: our tracker counts %+v", patience, w.TrackerCounts(s.hash))
	}
}

func add(t *testing.T, c bittorrent, torrent *torrent) {
	t.Helper()
	if err := c.add(torrent); err != nil {
		t.Fatal(err)
	}
}

// await waits until our node has been told of so many hosts of a swarm over IPv4, and but for one over IPv6, which
// Transmission is slow with, and our tracker counts as wanted.
func (w *world) await(t *testing.T, s *swarm, what string, hosts int, want dhtcore.TrackerCounts) {
	t.Helper()
	var counts dhtcore.TrackerCounts
	var announced [wire.Families]map[netip.Addr]bool
	if !within(func() bool {
		counts, announced = w.TrackerCounts(s.hash), w.announced(s.hash)
		return (s.announce == "" || counts == want) && (!s.dht || len(announced[wire.IPv4]) >= hosts && len(announced[wire.IPv6]) >= hosts-1)
	}) {
		t.Fatalf("waited %s in vain: %s: our tracker counts %+v, want %+v; our node was told of %v, want %d hosts", patience, what, counts, want, announced, hosts)
	}
}

// announced returns the hosts of each address family that our node was told of as peers of hash.
func (w *world) announced(hash dhtcore.ID) (hosts [wire.Families]map[netip.Addr]bool) {
	for f := range hosts {
		hosts[f] = map[netip.Addr]bool{}
	}
	events, _ := w.EventsAfter(nil, 0, 1<<20)
	for _, e := range events {
		if e.Kind == dhtcore.Announced && e.Hash == hash {
			hosts[wire.FamilyOf(e.Addr.Addr())][e.Addr.Addr()] = true
		}
	}
	return hosts
}

// wantScrapes checks that our tracker tells what it counts, wherever it is asked.
func (w *world) wantScrapes(t *testing.T, hash dhtcore.ID, want dhtcore.TrackerCounts) {
	t.Helper()
	for _, scheme := range []string{"http://", "udp://"} {
		for _, ip := range []netip.Addr{needs.SwitchIPv4, needs.SwitchIPv6} {
			r := w.scraper.Scrape(t.Context(), scheme+trackerAddr(ip)+"/announce", []wire.ID{hash})
			if s := r.Swarm(); r.Err != nil || int(s.Seeders) != want.Seeds || int(s.Leechers) != want.Leechers || int(s.Completed) != want.Completed {
				t.Errorf("%s tells %+v, %v; want %+v", r.Tracker, s, r.Err, want)
			}
		}
	}
}

// torrent is a file to share.
type torrent struct {
	name string
	data []byte
	hash dhtcore.ID
	file []byte // the .torrent file
	path string // where that is
}

// newTorrent makes a torrent of a random file.
func newTorrent(t *testing.T, name, announce string, private bool) *torrent {
	t.Helper()
	const piece = 1 << 15
	data := make([]byte, 10*piece/3)
	rand.Read(data)
	var pieces []byte
	for at := 0; at < len(data); at += piece {
		sum := sha1.Sum(data[at:min(at+piece, len(data))])
		pieces = append(pieces, sum[:]...)
	}
	info := fmt.Sprintf("d6:lengthi%de4:name%d:%s12:piece lengthi%de6:pieces%d:%s", len(data), len(name), name, piece, len(pieces), pieces)
	if private {
		info += "7:privatei1e"
	}
	info += "e"
	var file []byte
	if announce != "" {
		file = fmt.Appendf(file, "8:announce%d:%s", len(announce), announce)
	}
	p := &torrent{name: name, data: data, hash: sha1.Sum([]byte(info)), path: filepath.Join(t.TempDir(), "torrent")}
	p.file = fmt.Appendf(nil, "d%s4:info%se", file, info)
	writeFile(t, p.path, p.file)
	return p
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// within waits until done returns true, and reports whether it did in time.
func within(done func() bool) bool {
	for end := time.Now().Add(patience); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}
