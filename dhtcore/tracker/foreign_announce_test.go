package tracker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	foreign "github.com/anacrolix/torrent/tracker"
	"github.com/anacrolix/torrent/types/infohash"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/tracker"
)

// open runs a tracker on an address of loopback, and returns its URLs.
func open(t *testing.T, ip string) (http, udp string) {
	t.Helper()
	tr, err := tracker.Open(tracker.Config{HTTP: net.JoinHostPort(ip, "0"), UDP: net.JoinHostPort(ip, "0")})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- tr.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return fmt.Sprintf("http://%s/announce", tr.HTTPAddr()), fmt.Sprintf("udp://%s/announce", tr.UDPAddrs()[0])
}

func TestAnacrolixAnnouncesAndScrapes(t *testing.T) {
	t.Parallel()
	http4, udp4 := open(t, "127.0.0.1")
	http6, udp6 := open(t, "::1")
	// It names an address of each family as its own; in UDP there is room for an IPv4 one.
	names := foreign.AnnounceOpt{ClientIp4: net.IPv4(10, 0, 0, 7), ClientIp6: net.ParseIP("fd00::7")}
	for _, c := range []struct{ name, url, host, named string }{
		{"HTTP", http4, "127.0.0.1", "10.0.0.7"},
		{"HTTP and IPv6", http6, "::1", "fd00::7"},
		{"UDP", udp4, "127.0.0.1", "10.0.0.7"},
		{"UDP and IPv6", udp6, "::1", "::1"},
		{"UDP with several options (BEP 41)", udp4 + "?key=" + strings.Repeat("long", 200), "127.0.0.1", "10.0.0.7"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, err := foreign.NewClient(c.url, foreign.NewClientOpts{})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			hash := infohash.HashBytes([]byte(c.name))
			announce := func(port uint16, left int64, event foreign.AnnounceEvent, opt foreign.AnnounceOpt) (seeders, leechers int32, peers []string) {
				t.Helper()
				r, err := client.Announce(ctx, foreign.AnnounceRequest{InfoHash: hash, Port: port, Left: left, Event: event, NumWant: -1}, opt)
				if err != nil {
					t.Fatal(err)
				}
				if interval := time.Duration(r.Interval) * time.Second; interval < tracker.DefaultMinInterval || interval > tracker.DefaultMaxInterval {
					t.Errorf("the interval is %s", interval)
				}
				for _, p := range r.Peers {
					peers = append(peers, net.JoinHostPort(p.IP.String(), fmt.Sprint(p.Port)))
				}
				return r.Seeders, r.Leechers, peers
			}
			none := foreign.AnnounceOpt{}
			announce(1001, 0, foreign.Started, none)
			seeders, leechers, peers := announce(1002, 5, foreign.Started, none)
			if want := []string{net.JoinHostPort(c.host, "1001")}; seeders != 1 || leechers != 1 || !slices.Equal(peers, want) {
				t.Errorf("a leecher is told of %d seeders, %d leechers and %q, not of %q", seeders, leechers, peers, want)
			}
			if seeders, leechers, peers = announce(1002, 0, foreign.Completed, none); seeders != 2 || leechers != 0 || len(peers) != 0 {
				t.Errorf("who has completed is told of %d seeders, %d leechers and %q", seeders, leechers, peers)
			}
			scraped, err := client.Scrape(ctx, []infohash.T{hash, {1}})
			if err != nil || len(scraped) != 2 || scraped[0].Seeders != 2 || scraped[0].Completed != 1 || scraped[0].Leechers != 0 || scraped[1].Seeders != 0 {
				t.Errorf("scrape: %+v, %v", scraped, err)
			}
			announce(1003, 5, foreign.Started, names)
			if _, _, peers = announce(1001, 0, foreign.None, none); !slices.Equal(peers, []string{net.JoinHostPort(c.named, "1003")}) {
				t.Errorf("a seeder is told of %q, which is to be listed at %s", peers, c.named)
			}
			announce(1002, 0, foreign.Stopped, none)
			announce(1003, 5, foreign.Stopped, names)
			if seeders, leechers, peers = announce(1001, 0, foreign.None, none); seeders != 1 || leechers != 0 || len(peers) != 0 {
				t.Errorf("after the others have stopped a seeder is told of %d seeders, %d leechers and %q", seeders, leechers, peers)
			}
		})
	}
}

func TestWebtorrentAnnouncesAndScrapes(t *testing.T) {
	t.Parallel()
	const scripts = "../../ui/cli/testdata/foreign"
	node := needs.Program(t, "node", "nodejs")
	_, err := os.Stat(scripts + "/node_modules/bittorrent-tracker")
	needs.That(t, err == nil, "npm package bittorrent-tracker")
	http4, udp4 := open(t, "127.0.0.1")
	http6, _ := open(t, "::1") // its UDP is IPv4 alone
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, "webtorrent_announces.mjs", http4, udp4, http6)
	cmd.Dir = scripts
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, &errs)
	}
	type counts struct{ Complete, Incomplete int }
	type told struct {
		Peers                             []string // the leecher, at first
		Started, Completed, Scrape, After counts
		Downloaded                        int      // of the scrape
		Both                              []counts // of a scrape of two hashes
	}
	var said []told
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	over := func(seeder string, both ...counts) told {
		return told{[]string{seeder}, counts{1, 1}, counts{2, 0}, counts{2, 0}, counts{1, 0}, 1, both}
	}
	overHTTP := []counts{{2, 0}, {0, 0}}
	want := []told{over("127.0.0.1:1001", overHTTP...), over("127.0.0.1:1001", []counts{}...), over("[::1]:1001", overHTTP...)}
	if !reflect.DeepEqual(said, want) {
		t.Errorf("it was told\n%+v, want\n%+v", said, want)
	}
}
