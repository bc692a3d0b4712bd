package api

import (
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/record"
	"dhtop/ui/attach/protocol"
	"dhtop/views/report"
)

// pictures makes the frames of what all screens share, each once for all that have seen the same before. mu guards what is
// below it.
type pictures struct {
	shared *record.Encoder[dhtcore.Snapshot]
	own    *record.Encoder[protocol.Own]

	mu     sync.Mutex
	frames []*sharedFrame // the newest last, at most keptFrames
}

// keptFrames is how many frames are kept: screens that look as often as each other need one, those that look at another
// pace another one.
const keptFrames = 8

// sharedFrame is how a Snapshot differs from another.
type sharedFrame struct {
	from, to *dhtcore.Snapshot // from is nil for a base
	made     sync.Once
	frame    []byte
	err      error
}

func newPictures() *pictures {
	shared, err := record.NewEncoder[dhtcore.Snapshot]()
	own, err2 := record.NewEncoder[protocol.Own]()
	if err != nil || err2 != nil {
		panic("a Snapshot that cannot be sent") // a test keeps it so that it can
	}
	return &pictures{shared: shared, own: own}
}

// frame returns how to differs from from.
func (p *pictures) frame(from, to *dhtcore.Snapshot) ([]byte, error) {
	p.mu.Lock()
	i := slices.IndexFunc(p.frames, func(f *sharedFrame) bool { return f.from == from && f.to == to })
	if i < 0 {
		if len(p.frames) == keptFrames {
			p.frames = slices.Delete(p.frames, 0, 1)
		}
		p.frames, i = append(p.frames, &sharedFrame{from: from, to: to}), len(p.frames)
	}
	f := p.frames[i]
	p.mu.Unlock()
	f.made.Do(func() { f.frame, f.err = p.shared.Diff(nil, from, to) })
	return f.frame, f.err
}

// forget frees the frames, when no screen is attached any more.
func (p *pictures) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frames = nil
}

// series is the Pictures of one screen.
type series struct {
	hub    *attachHub
	number uint64 // of the last Picture
	rebase bool   // the next one is to be a base

	seen   *dhtcore.Snapshot // of the viewer
	shared *dhtcore.Snapshot // as it was sent; nil for none
	own    *protocol.Own
}

func newSeries(h *attachHub) *series { return &series{hub: h, rebase: true} }

// pause returns how long the next Picture has time. All screens that look as often get theirs at the same time.
func (s *series) pause(now time.Time, every time.Duration) time.Duration {
	every = min(max(every, protocol.MinInterval), protocol.MaxInterval)
	return every - time.Duration(now.UnixNano()%int64(every))
}

// next returns the next Picture, nil while nothing has moved.
func (s *series) next(v *dhtcore.Viewer) *protocol.Picture {
	shared, seen := s.hub.explorer.Snapshot(), v.Snapshot()
	if seen == s.seen && !s.rebase {
		return nil
	}
	s.seen = seen
	shared = s.hub.events.snapshot(shared)
	own := ownOf(seen, shared)
	if mask := s.hub.mask; mask != nil {
		shared, own = mask.Snapshot(shared), report.Masked(mask, own)
	}
	p, err := s.picture(shared, own)
	if err != nil { // of no value that there can be
		s.hub.explorer.Note("a picture for an attached screen failed: " + err.Error())
		s.rebase = true
		return nil
	}
	s.shared, s.own, s.rebase = shared, own, false
	s.number++
	p.Number = s.number
	first, last := s.hub.explorer.Past().Span()
	p.First, p.Last = nanosOf(first), nanosOf(last)
	return p
}

func (s *series) picture(shared *dhtcore.Snapshot, own *protocol.Own) (p *protocol.Picture, err error) {
	p = &protocol.Picture{Base: s.rebase}
	wasShared, wasOwn := s.shared, s.own
	if s.rebase {
		wasShared, wasOwn = nil, nil
	}
	if wasShared != shared {
		if p.Shared, err = s.hub.pictures.frame(wasShared, shared); err != nil {
			return nil, err
		}
	}
	if p.Own, err = s.hub.pictures.own.Diff(nil, wasOwn, own); len(p.Own) == 1 && !s.rebase {
		p.Own = nil // it is the same
	}
	return p, err
}

// ownOf returns what only one Viewer sees of its Snapshot, besides the one that all share.
func ownOf(s, shared *dhtcore.Snapshot) *protocol.Own {
	own := &protocol.Own{Ranking: s.Ranking, Detail: s.Detail, Packets: s.Packets, Pings: s.Pings}
	if s.Detail != nil {
		own.Trackers = s.Trackers
	}
	if s.Tracker != nil && s.Tracker.Ranking.SwarmQuery != (dhtcore.SwarmQuery{}) {
		own.Swarms = &protocol.Swarms{Ranking: s.Tracker.Ranking}
		own.Swarms.Ranking.Filter = nil
		if f := s.Tracker.Ranking.Filter; f != nil {
			own.Swarms.Filter = f.String()
		}
	}
	if shared.Places.Shown != nil {
		own.Places = s.Portable().Places.Shown
		maps.DeleteFunc(own.Places, func(a netip.Addr, _ dhtcore.Place) bool { _, has := shared.Places.Shown[a]; return has })
	}
	return own
}

// nanosOf is a time in nanoseconds since 1970; 0 for none.
func nanosOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}
