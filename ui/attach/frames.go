package attach

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"dhtop/dhtcore"
	"dhtop/dhtcore/record"
	"dhtop/ui/attach/protocol"
)

// errFrames is the error of Pictures that cannot be read, not even when they are sent anew.
var errFrames = errors.New("pictures that cannot be read")

// maxDamaged is how many Pictures in a row may be damaged.
const maxDamaged = 5

// frames makes Snapshots of the Pictures of one connection.
type frames struct {
	shared  *record.Decoder[dhtcore.Snapshot]
	own     *record.Decoder[protocol.Own]
	base    *dhtcore.Snapshot // what all see
	over    *protocol.Own     // what we alone see
	damaged int               // Pictures in a row
}

func (f *frames) open() (err error) {
	if f.shared, err = record.NewDecoder[dhtcore.Snapshot](); err == nil {
		f.own, err = record.NewDecoder[protocol.Own]()
	}
	return err
}

// add takes a Picture in. After an error a base is needed.
func (f *frames) add(p *protocol.Picture) (err error) {
	if p.Base {
		f.base, f.over = new(dhtcore.Snapshot), new(protocol.Own)
	}
	if f.base == nil {
		return errors.New("a change of nothing")
	}
	if p.Shared != nil {
		decode := f.shared.Delta
		if p.Base {
			decode = f.shared.Base
		}
		if f.base, err = decode(p.Shared); err != nil {
			return err
		}
	}
	if p.Own != nil {
		decode := f.own.Delta
		if p.Base {
			decode = f.own.Base
		}
		f.over, err = decode(p.Own)
	}
	return err
}

// snapshot returns the Snapshot of the last Picture.
func (f *frames) snapshot(filters *filters) *dhtcore.Snapshot {
	s, o := *f.base, f.over
	s.Ranking, s.Detail, s.Packets, s.Pings = o.Ranking, o.Detail, o.Packets, o.Pings
	if o.Trackers != nil {
		s.Trackers = o.Trackers
	}
	if o.Swarms != nil && s.Tracker != nil {
		t := *s.Tracker
		t.Ranking = o.Swarms.Ranking
		t.Ranking.Filter = filters.swarmsOf(o.Swarms.Filter)
		s.Tracker = &t
	}
	if len(o.Places) > 0 {
		shown := maps.Clone(o.Places)
		maps.Copy(shown, s.Places.Shown)
		s.Places.Shown = shown
	}
	if len(s.Nodes) == 0 {
		s.Nodes = make([]dhtcore.Vantage, 1)
	}
	return &s
}

// unknown lists what the Pictures had and this dhtop does not know.
func (f *frames) unknown() []string {
	return slices.Concat(f.shared.Unknown(), f.own.Unknown())
}

// read takes in what the node sends, until the connection ends.
func (c *Client) read(l *link) error {
	for {
		m, err := l.reader.Read()
		if err != nil {
			return err
		}
		switch {
		case m.Picture != nil:
			if err := c.picture(l, m.Picture); err != nil {
				return err
			}
		case m.Answer != nil:
			c.answer(l, m.Answer)
		}
	}
}

// picture takes a Picture in. One that is damaged is asked for anew.
func (c *Client) picture(l *link, p *protocol.Picture) error {
	err := l.frames.add(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	l.number = p.Number
	if err != nil {
		l.frames.base = nil
		if l.frames.damaged++; l.frames.damaged > maxDamaged {
			return fmt.Errorf("%w: %w", errFrames, err)
		}
		l.rebase = true
		l.take(c.pace.every, true) // nobody will look at it
		return nil
	}
	l.frames.damaged = 0
	c.revision++
	s := l.frames.snapshot(&c.filters)
	s.Revision = c.revision
	c.snap, c.shown = s, true
	c.tape = span{timeOf(p.First), timeOf(p.Last)}
	if u := l.frames.unknown(); len(u) != len(c.state.Unknown) {
		c.state.Unknown = u
	}
	c.move()
	return nil
}
