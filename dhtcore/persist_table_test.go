package dhtcore

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

func offline(dir string) Config {
	return Config{DataDir: dir, Bind: loopback, Bootstrap: []string{}}
}

func TestTheIDAndTheTableSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(offline(dir))
	if err != nil {
		t.Fatal(err)
	}
	for i := range byte(100) {
		addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, i}), 6881)
		first.vantages.list[0].Vouch([]wire.Contact{{ID: wire.RandomID(), Addr: addr}})
	}
	id, before := first.vantages.list[0].ID(), len(first.Snapshot().Nodes[0].Contacts)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Open(offline(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	s := second.Snapshot().Nodes[0]
	if s.ID != id {
		t.Errorf("the ID changed from %s to %s", id, s.ID)
	}
	if len(s.Contacts) != before || before < 10 {
		t.Errorf("%d nodes were saved and %d restored", before, len(s.Contacts))
	}
	if s.Good != 0 {
		t.Errorf("%d restored nodes count as good before they answered", s.Good)
	}
}

func TestASavedTableThatCannotBeUsedIsKeptAndAFreshOneStarted(t *testing.T) {
	for name, content := range map[string]string{
		"empty":       "",
		"truncated":   `{"version":1,"id":"`,
		"binary":      "\x00\xff\x1b[2J",
		"no ID":       `{"version":1,"nodes":[]}`,
		"from later":  `{"version":99,"id":"0123456789012345678901234567890123456789"}`,
		"wrong type":  `{"version":1,"id":"0123456789012345678901234567890123456789","nodes":7}`,
		"bad address": `{"version":1,"id":"0123456789012345678901234567890123456789","nodes":[{"id":"0123456789012345678901234567890123456789","addr":"nowhere"}]}`,
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "table-v4.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := Open(offline(dir))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s := e.Snapshot()
		if !strings.Contains(s.Notice(), "could not be used") || strings.ContainsAny(s.Notice(), "\x00\x1b") {
			t.Errorf("%s: notice %q", name, s.Notice())
		}
		if kept, err := os.ReadFile(path + ".unreadable"); err != nil || string(kept) != content {
			t.Errorf("%s: the file was not kept: %v", name, err)
		}
		if err := e.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlyUsableNodesAreRestored(t *testing.T) {
	saved := savedTable{Nodes: []savedNode{
		{ID: wire.RandomID(), Addr: addrPort("192.0.2.1:6881"), RTTms: 12.5, FirstSeen: time.Unix(1, 0)},
		{ID: wire.RandomID(), Addr: addrPort("192.0.2.2:0")},
		{ID: wire.RandomID()},
		{ID: wire.RandomID(), Addr: addrPort("[2001:db8::1]:6881")},
	}}
	if got := saved.restored(wire.IPv4); len(got) != 1 || got[0].RTT != 12500*time.Microsecond {
		t.Errorf("IPv4: %+v", got)
	}
	if got := saved.restored(wire.IPv6); len(got) != 1 {
		t.Errorf("IPv6: %+v", got)
	}
}

func TestBadNodesAreNotSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.json")
	nodes := []table.Node{
		{Contact: wire.Contact{ID: wire.RandomID(), Addr: addrPort("192.0.2.1:1")}},
		{Contact: wire.Contact{ID: wire.RandomID(), Addr: addrPort("192.0.2.2:1")}, Fails: table.MaxFails},
	}
	if err := saveTable(path, wire.RandomID(), nodes, nil); err != nil {
		t.Fatal(err)
	}
	if got, warning := loadTable(path); warning != "" || len(got.Nodes) != 1 {
		t.Errorf("loaded %+v, warning %q", got, warning)
	}
}

func TestWhenANodeLastRepliedOutlivesRunsInWhichItIsSilent(t *testing.T) {
	path, addr, at := filepath.Join(t.TempDir(), "table.json"), addrPort("192.0.2.1:1"), time.Unix(1e9, 0).UTC()
	n := table.Node{Contact: wire.Contact{ID: wire.RandomID(), Addr: addr}, LastReply: at}
	var earlier map[netip.AddrPort]time.Time
	for run := range 3 {
		if err := saveTable(path, wire.RandomID(), []table.Node{n}, earlier); err != nil {
			t.Fatal(err)
		}
		saved, _ := loadTable(path)
		if earlier = saved.lastReplies(); !earlier[addr].Equal(at) {
			t.Errorf("after run %d: %v", run, earlier)
		}
		n.LastReply = time.Time{}
	}
}
