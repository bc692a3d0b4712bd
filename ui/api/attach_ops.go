package api

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/record"
	"dhtop/ui/attach/protocol"
	"dhtop/views/report"
)

// attachOps is the table of what attached screens may ask for, by name.
type attachOps map[string]attachOp

type attachOp struct {
	command bool
	do      func(*attachSession, *protocol.Request) (result any, err error)
}

// serves adds a row.
func serves[A, R any](t attachOps, op protocol.Op[A, R], do func(*attachSession, A) (R, error)) {
	t[op.Name] = attachOp{op.Command, func(s *attachSession, r *protocol.Request) (any, error) {
		args, err := op.Args(r)
		if err != nil {
			return nil, errors.New("the request is not of the form that this dhtop takes: is the other one of the same version?")
		}
		return do(s, args)
	}}
}

// orders adds a row without a result.
func orders[A any](t attachOps, op protocol.Op[A, protocol.None], do func(*attachSession, A) error) {
	serves(t, op, func(s *attachSession, args A) (protocol.None, error) { return protocol.None{}, do(s, args) })
}

func newAttachOps() attachOps {
	t := attachOps{}
	orders(t, protocol.Look, (*attachSession).look)
	orders(t, protocol.Take, (*attachSession).take)
	orders(t, protocol.Rebase, func(s *attachSession, _ protocol.None) error {
		s.change(func() { s.rebase = true })
		return nil
	})
	orders(t, protocol.StopPing, func(s *attachSession, _ protocol.None) error { s.viewer.StopPing(); return nil })
	serves(t, protocol.Past, (*attachSession).past)
	serves(t, protocol.Zoom, func(s *attachSession, prefix byte) (protocol.Cells, error) {
		return s.explorer().ZoomCrawl(prefix), nil
	})
	serves(t, protocol.Lab, (*attachSession).lab)

	orders(t, protocol.StartLookup, func(s *attachSession, hash dhtcore.ID) error { return s.explorer().StartLookup(hash) })
	serves(t, protocol.Watch, func(s *attachSession, entry dhtcore.WatchEntry) (bool, error) { return s.explorer().Watch(entry) })
	orders(t, protocol.Unwatch, func(s *attachSession, hash dhtcore.ID) error { return s.explorer().Unwatch(hash) })
	orders(t, protocol.StartFetchName, func(s *attachSession, hash dhtcore.ID) error { return s.explorer().StartFetchName(hash) })
	orders(t, protocol.StartAnnounce, func(s *attachSession, a protocol.AnnounceArgs) error {
		return s.explorer().StartAnnounce(a.Hash, a.Port)
	})
	serves(t, protocol.StartScrape, func(s *attachSession, hash dhtcore.ID) (int, error) { return s.explorer().StartScrape(hash) })
	orders(t, protocol.StartPing, (*attachSession).ping)
	orders(t, protocol.SetCrawl, func(s *attachSession, on bool) error { s.explorer().SetCrawl(on); return nil })
	serves(t, protocol.ScaleLimits, (*attachSession).scaleLimits)
	orders(t, protocol.LearnTorrent, (*attachSession).learn)
	orders(t, protocol.Note, func(s *attachSession, text string) error {
		s.explorer().Note("an attached dhtop: " + dhtcore.Printable(text[:min(len(text), maxNote)]))
		return nil
	})
	orders(t, protocol.SetConditions, func(s *attachSession, c dhtcore.Conditions) error { return s.explorer().SetConditions(c) })
	orders(t, protocol.BeginIncident, func(s *attachSession, i dhtcore.Incident) error { return s.explorer().BeginIncident(i) })
	orders(t, protocol.EndIncident, func(s *attachSession, k dhtcore.IncidentKind) error { s.explorer().EndIncident(k); return nil })
	orders(t, protocol.RunScenario, (*attachSession).runScenario)
	return t
}

// maxNote bounds the text of a note, in bytes.
const maxNote = 500

// answer carries a request out.
func (t attachOps) answer(s *attachSession, r *protocol.Request) *protocol.Answer {
	result, err := t.do(s, r)
	a := &protocol.Answer{ID: r.ID}
	if _, none := result.(protocol.None); err == nil && !none {
		a.Result, err = protocol.Encode(result)
	}
	if err != nil {
		a.Error = s.hub.options.Text(asProblem(err).Detail)
	}
	return a
}

func (t attachOps) do(s *attachSession, r *protocol.Request) (result any, err error) {
	op, known := t[r.Op]
	switch {
	case !known:
		return nil, fmt.Errorf("dhtop %s does not know %q: update it", s.hub.version, dhtcore.Printable(r.Op[:min(len(r.Op), 40)]))
	case op.command && s.hub.mayCommand(s.request) != "": // the token may have changed meanwhile
		return nil, errors.New(s.hub.mayCommand(s.request))
	}
	result, err = op.do(s, r)
	if errors.Is(err, dhtcore.ErrNotRunning) {
		err = startProblem(err)
	}
	return result, err
}

func (s *attachSession) explorer() *dhtcore.Explorer { return s.hub.explorer }

// look has the Viewer look at something else. All that can be is done, whatever the error.
func (s *attachSession) look(v protocol.View) error {
	defer s.change(func() {})
	var all []error
	if v.Order.Column >= dhtcore.Columns || v.Order.Window >= dhtcore.Windows {
		v.Order = dhtcore.Order{}
		all = append(all, errors.New("this dhtop does not know the order: update it"))
	}
	if v.Swarms.Column >= dhtcore.SwarmColumns {
		v.Swarms, v.SwarmFilter = dhtcore.SwarmOrder{}, ""
		all = append(all, errors.New("this dhtop does not know the order of the swarms: update it"))
	}
	swarms, err := dhtcore.TrackerColumns.Parse(v.SwarmFilter)
	all = append(all, err)
	packets, err := dhtcore.ParsePacketFilter(v.PacketFilter)
	if err == nil && (v.Packets || s.watched) {
		err = s.viewer.WatchPackets(v.Packets, packets)
		s.watched = v.Packets
	}
	s.viewer.RankBy(v.Order)
	if s.swarms.text != v.SwarmFilter { // the same filter is to be the same pointer: the ranker goes by it
		s.swarms.text, s.swarms.filter = v.SwarmFilter, swarms
	}
	s.viewer.RankSwarmsBy(dhtcore.SwarmQuery{SwarmOrder: v.Swarms, Filter: s.swarms.filter})
	return errors.Join(append(all, err, s.viewer.WatchHash(v.Hash))...)
}

// take notes which Picture the client has taken.
func (s *attachSession) take(t protocol.Taken) error {
	s.change(func() { s.taken = t })
	return nil
}

// past returns a Snapshot of the tape.
func (s *attachSession) past(nanos int64) (a protocol.PastAnswer, err error) {
	snap, at, err := s.explorer().Past().At(time.Unix(0, nanos))
	if err != nil || snap == nil {
		return a, err
	}
	if s.hub.mask != nil {
		snap = report.NewSnapshotMask().Snapshot(snap)
	}
	a.At = at.UnixNano()
	a.Frame, err = s.hub.pictures.shared.Diff(nil, nil, snap)
	return a, err
}

// lab returns the state of the lab.
func (s *attachSession) lab(protocol.None) ([]byte, error) {
	e, err := record.NewEncoder[dhtcore.LabState]()
	if err != nil {
		return nil, err
	}
	state := s.explorer().Lab()
	return e.Base(nil, &state)
}

func (s *attachSession) ping(a protocol.PingArgs) error {
	if s.hub.mask != nil { // what the screen shows is the network of the node
		if a.Addr = addrOf(s.explorer().Snapshot(), a.ID); !a.Addr.IsValid() {
			return errors.New("that dhtop masks addresses: it finds no node but those in its routing table")
		}
	}
	if !a.Addr.IsValid() || a.Addr.Port() == 0 || a.Times < 1 {
		return errors.New("that is no node to ping")
	}
	return s.viewer.StartPing(a.Addr, a.ID, a.Times)
}

// addrOf returns the address of a node in the routing tables, the zero one for none.
func addrOf(s *dhtcore.Snapshot, id dhtcore.ID) (addr netip.AddrPort) {
	for i := range s.Nodes {
		for j := range s.Nodes[i].Contacts {
			if n := &s.Nodes[i].Contacts[j]; n.ID == id {
				return n.Addr
			}
		}
	}
	return addr
}

func (s *attachSession) scaleLimits(factor float64) (dhtcore.Limits, error) {
	if math.IsNaN(factor) || math.IsInf(factor, 0) || factor <= 0 {
		return dhtcore.Limits{}, errors.New("limits are scaled by a number above 0")
	}
	return s.explorer().ScaleLimits(factor), nil
}

func (s *attachSession) learn(a protocol.TorrentArgs) error {
	t := &dhtcore.Torrent{Hashes: a.Hashes, Info: a.Info, Trackers: a.Trackers}
	if len(t.Hashes) < 1 || len(t.Hashes) > 2 || slices.ContainsFunc(t.Hashes, dhtcore.ID.Zero) || len(a.V2) != 0 && len(a.V2) != sha256.Size {
		return errors.New("that is no torrent")
	}
	copy(t.V2[:], a.V2)
	s.explorer().LearnTorrent(t)
	return nil
}

// runScenario runs one of the scenarios of the lab; none for "".
func (s *attachSession) runScenario(name string) error {
	if name == "" {
		return s.explorer().RunScenario(nil)
	}
	all := s.explorer().Lab().Scenarios
	i := slices.IndexFunc(all, func(sc dhtcore.Scenario) bool { return sc.Name == name })
	if i < 0 {
		return fmt.Errorf("there is no scenario %.40q here", name)
	}
	return s.explorer().RunScenario(&all[i])
}
