package dhtcore

import (
	"errors"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestANodeIsPingedAgainAndAgainUntilThatIsStopped(t *testing.T) {
	e := start(t, demoConfig())
	s := eventually(t, e, "joining", func(s *Snapshot) bool { return s.Nodes[0].Good >= 8 })
	c := s.Nodes[0].Contacts[0]
	v := e.NewViewer()
	defer v.Close()
	if err := v.StartPing(c.Addr, c.ID, 100); err != nil {
		t.Fatal(err)
	}
	s = eventually(t, v, "two answers", func(s *Snapshot) bool { return s.Pings != nil && s.Pings.Answered >= 2 })
	if p := s.Pings; !p.Running || p.ID != c.ID || p.Addr != c.Addr || p.RTTs[0] <= 0 || p.Trouble != "" {
		t.Errorf("the Snapshot has %+v", p)
	}
	v.StopPing()
	stopped := eventually(t, v, "end of the series", func(s *Snapshot) bool { return !s.Pings.Running }).Pings
	if err := v.StartPing(c.Addr, c.ID, 1); err != nil { // goes on with the series
		t.Fatal(err)
	}
	s = eventually(t, v, "one ping more", func(s *Snapshot) bool { return !s.Pings.Running && s.Pings.Sent > stopped.Sent })
	if s.Pings.Sent != stopped.Sent+1 {
		t.Errorf("%d pings after %d", s.Pings.Sent, stopped.Sent)
	}
	other := s.Nodes[0].Contacts[slices.IndexFunc(s.Nodes[0].Contacts, func(n TableNode) bool { return n.ID != c.ID && n.State(s.At) == Good })]
	if err := v.StartPing(other.Addr, c.ID, 1); err != nil { // under an ID that it does not have
		t.Fatal(err)
	}
	s = eventually(t, v, "answer of another node", func(s *Snapshot) bool { return s.Pings.Addr == other.Addr && s.Pings.Sent > 0 })
	if p := s.Pings; p.Sent != 1 || p.Answered != 0 || p.RTTs[0] != 0 || p.Trouble != "another node answers there, "+other.ID.String()[:8]+"…" {
		t.Errorf("the Snapshot has %+v", p)
	}
}

func TestPingsKeptAreBoundedAndOthersSeriesDoNotMix(t *testing.T) {
	p := pinger{pingSeries: new(pingSeries)}
	begin := func(c wire.Contact, stop func()) *Pings {
		p.replace(p.next(c), stop)
		return p.series()
	}
	a := begin(wire.Contact{ID: ID{1}, Addr: addrPort("192.0.2.1:1")}, func() {})
	now := a
	for i := range 3 * PingsKept {
		var current bool
		if now, current = p.note(now, time.Duration(i+1), ""); !current {
			t.Fatal("the series ended by itself")
		}
	}
	if now.Sent != 3*PingsKept || len(now.RTTs) != PingsKept || now.RTTs[PingsKept-1] != 3*PingsKept {
		t.Errorf("%d sent, the last %v", now.Sent, now.RTTs)
	}
	if len(a.RTTs) != 0 {
		t.Error("a Snapshot that was handed out has changed")
	}
	stopped := false
	b := begin(wire.Contact{ID: ID{2}, Addr: addrPort("192.0.2.2:1")}, func() { stopped = true })
	if _, current := p.note(now, 1, ""); current || p.series() != b {
		t.Error("an answer of the series before counts")
	}
	p.end(now)
	if stopped || !p.series().Running {
		t.Error("the end of the series before ended this one")
	}
	p.end(nil)
	if !stopped || p.series().Running {
		t.Error("it goes on")
	}
}

func TestPingingNeedsARunningExplorer(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.NewViewer().StartPing(addrPort("127.0.0.1:1"), ID{1}, 1); !errors.Is(err, ErrNotRunning) {
		t.Errorf("got %v", err)
	}
}

func TestTheTableKnowsWhoReportedItsNodes(t *testing.T) {
	e := start(t, demoConfig())
	eventually(t, e, "reported node", func(s *Snapshot) bool {
		for i := range s.Nodes[0].Contacts {
			if n := &s.Nodes[0].Contacts[i]; n.Provenance == Referred && !n.Referrer.Zero() && n.Capabilities.Answered.Has(FindNode) {
				return true
			}
		}
		return false
	})
}
