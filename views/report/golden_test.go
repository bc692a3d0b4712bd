package report

import (
	"bytes"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// golden compares got with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", path, got, want)
	}
}

// id returns an ID that begins with b.
func id(b ...byte) (id dhtcore.ID) {
	copy(id[:], b)
	return id
}

func addr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

// at is a moment in another zone than UTC, so that a report that forgets to convert is found out.
func at(d time.Duration) time.Time {
	return time.Date(2026, 3, 1, 1, 30, 0, 0, time.FixedZone("CET", 3600)).Add(d)
}

var rows = []dhtcore.HashRow{
	{Rank: 1, InfoHash: id(0xab, 0xcd), Name: `=1+1, "quoted" & <b>é + x</b>`, Requests: 23, RawRequests: 25, Announces: 4, Samples: 3, Sources: 12, Peers: 7, FirstSeen: at(0), LastSeen: at(1500 * time.Millisecond)},
	{Rank: 2, InfoHash: id(0x01), Requests: 1, RawRequests: 1, Tracked: 2, Sources: 1, FirstSeen: at(time.Minute), LastSeen: at(time.Minute)},
	{Rank: 100, InfoHash: id(0xff), Samples: 1},
}

var snapshot = &dhtcore.Snapshot{
	Started: at(0),
	At:      at(90*time.Second + 100*time.Microsecond),
	Nodes:   []dhtcore.Vantage{{Good: 10, Questionable: 3, Bad: 1, Replacements: 6}, {Family: wire.IPv6, Good: 2}},
	Hashes:  dhtcore.Hashes{Seen: 40, Requests: 24, Announces: 4, Samples: 4, Top: rows},
	Traffic: dhtcore.Traffic{Stats: node.Stats{PacketsIn: 300, PacketsOut: 320}},
	Crawl:   dhtcore.CrawlStats{NodesAsked: 30, NodesSpeaking: 9},
}

var found = dhtcore.LookupState{
	Target: id(0xab), Done: true, Elapsed: 812*time.Millisecond + 1, FirstPeer: 300 * time.Microsecond,
	Round:   dhtcore.Round{Asked: 20, Replied: 15, TimedOut: 4, Lied: 1, Late: 2},
	Queries: 23, ClosestBits: 18, Coverage: 2.0 / 3, Seeds: 5, Leechers: 4,
	Risk: dhtcore.Risk{Level: dhtcore.MediumRisk, Reasons: []string{"the 8 closest nodes are in 5 networks"}},
	Err:  "context deadline exceeded",
	Peers: []lookup.Peer{
		{Addr: addr("203.0.113.7:6881"), Found: 300 * time.Microsecond, From: []netip.AddrPort{addr("198.51.100.1:6881"), addr("[2001:db8:1:2::1]:7000")}},
		{Addr: addr("[::ffff:192.0.2.200]:1")},
	},
	Steps: []dhtcore.Step{
		{Contact: wire.Contact{ID: id(0x2b), Addr: addr("[2001:db8:1:2::1]:7000")}, State: lookup.Replied, Round: 1, RTT: time.Microsecond, Nodes: 8},
		{Contact: wire.Contact{ID: id(0xab, 0, 1), Addr: addr("198.51.100.1:6881")}, State: lookup.Replied, Late: true, Bits: 18, Round: 2,
			Asked: 2 * time.Millisecond, RTT: 41 * time.Millisecond, Referrer: id(0x2b), Nodes: 8, Peers: 1},
		{Contact: wire.Contact{ID: id(0xaa), Addr: addr("198.51.100.2:6881")}, State: lookup.TimedOut, Bits: 7, Round: 2, Referrer: id(0x2b)},
		{Contact: wire.Contact{ID: id(0xa0), Addr: addr("198.51.100.3:6881")}, State: lookup.Lied, Bits: 4, Round: 2, Referrer: id(0x2b), RTT: time.Second},
		{Contact: wire.Contact{ID: id(0xab, 0xff), Addr: addr("198.51.100.4:6881")}, Bits: 8, Round: 3, Referrer: id(0xab, 0, 1)},
	},
	Closest: []dhtcore.Step{
		{Contact: wire.Contact{ID: id(0xab, 0, 1), Addr: addr("198.51.100.1:6881")}, State: lookup.Replied, Bits: 18, RTT: 41 * time.Millisecond, Token: true, Client: "LT 2.0"},
		{Contact: wire.Contact{ID: id(0x2b), Addr: addr("[2001:db8:1:2::1]:7000")}, State: lookup.Replied, RTT: time.Microsecond},
	},
}

// events holds one of every kind, and some whose counts are 0.
var events = []dhtcore.Event{
	{Kind: journal.Requested, Hash: id(1), ID: id(9), Addr: addr("203.0.113.7:6881")},
	{Kind: journal.Announced, Hash: id(1), Addr: addr("[2001:db8:1:2::3]:51413"), N: 3},
	{Kind: journal.Sampled, ID: id(9), Addr: addr("[::ffff:203.0.113.7]:6881"), N: 20, New: 0, Wait: 6 * time.Hour},
	{Kind: journal.Found, Hash: id(1), ID: id(9), Addr: addr("203.0.113.7:6881"), N: 5},
	{Kind: journal.NodeJoined, ID: id(9), Addr: addr("203.0.113.7:6881")},
	{Kind: journal.NodeLeft, ID: id(9), Addr: addr("203.0.113.7:6881")},
	{Kind: journal.LookupStarted, Hash: id(1)},
	{Kind: journal.LookupStep, Hash: id(1), ID: id(9), Addr: addr("203.0.113.7:6881"), N: 18},
	{Kind: journal.LookupDone, Hash: id(1)},
	{Kind: journal.CrawlStep, Text: "the crawl began"},
	{Kind: journal.Warning, Text: `no answer from "a" & <b>`},
	{Kind: journal.Discovered, Hash: id(1), ID: id(9), Addr: addr("203.0.113.7:6881")},
	{Kind: journal.ItemStored, Hash: id(1), ID: id(9), Addr: addr("203.0.113.7:6881")},
	{Kind: journal.Named, Hash: id(1), Text: "a name"},
	{Kind: journal.Reachable, ID: id(2), Addr: addr("203.0.113.7:6881"), Text: "others reach this node: it serves as a full member"},
	{Kind: journal.Tracked, Hash: id(1), Addr: addr("203.0.113.7:51413"), N: 2},
	{Kind: journal.Alerted, Hash: id(1), N: 1, Rule: "last_seed", Text: "a name has lost its last seed, and nobody is left."},
	{Kind: journal.Alerted, Rule: "network_gone", Text: "The network is gone: nobody replies to this node."},
}

func init() {
	for i := range events {
		events[i].Seq, events[i].At = uint64(i+1), at(time.Duration(i)*time.Millisecond)
	}
}
