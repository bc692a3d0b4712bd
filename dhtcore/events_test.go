package dhtcore

import (
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestAnotherExternalAddressIsAnnouncedInTheJournal(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	self := wire.Contact{ID: wire.RandomID(), Addr: addrPort("124.31.75.21:6881")}
	e.observer.observe(node.Event{Kind: node.Readdressed, At: time.Now(), Hash: wire.RandomID(), From: self})
	e.observer.observe(node.Event{Kind: node.Readdressed, At: time.Now(), Hash: self.ID, From: self})
	e.observer.observe(node.Event{Kind: node.Reachable, At: time.Now(), From: self})
	events, _ := e.EventsAfter(nil, 0, 10)
	for i, want := range []struct {
		kind EventKind
		text string
	}{{journal.Warning, "it takes a new ID"}, {journal.Warning, "external address"}, {journal.Reachable, "this node is reachable"}} {
		if i >= len(events) || events[i].Kind != want.kind || !strings.Contains(events[i].Text, want.text) {
			t.Errorf("event %d of %+v does not say %q", i, events, want.text)
			continue
		}
		if events[i].Addr != self.Addr || strings.Contains(events[i].Text, "124.31") {
			t.Errorf("event %d: the address belongs into Addr, where it can be masked: %+v", i, events[i])
		}
	}
}
