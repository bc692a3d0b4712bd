package lookup_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

func TestALookupEndsForAReason(t *testing.T) {
	item := &wire.Item{Value: []byte("5:hello")}
	reply := func(to wire.Contact) (wire.Reply, error) {
		return wire.Reply{From: to, RTT: 20 * time.Millisecond}, nil
	}
	silence := func(wire.Contact) (wire.Reply, error) {
		return wire.Reply{RTT: 5 * time.Second}, errors.New("no reply")
	}
	withItem := func(to wire.Contact) (wire.Reply, error) {
		it := item.Clone()
		return wire.Reply{From: to, RTT: 20 * time.Millisecond, Item: &it}, nil
	}
	for _, c := range []struct {
		what  string
		q     script
		seeds byte
		end   time.Duration
		want  lookup.Ending
		word  string
		err   string
	}{
		{"eight of eight nodes reply", reply, 8, time.Minute, lookup.Completed, "completed", ""},
		{"seven of seven nodes reply", reply, 7, time.Minute, lookup.Starvation, "starvation", ""},
		{"no node replies", silence, 8, time.Minute, lookup.Starvation, "starvation", "nobody replied: the cable is cut"},
		{"there is no node", reply, 0, time.Minute, lookup.Starvation, "starvation", "nobody to ask: the cable is cut"},
		{"a node has the item", withItem, 8, time.Minute, lookup.Stopped, "stopped", ""},
		{"the context ends", silence, 8, time.Second, lookup.Cancelled, "cancelled", "out of time"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var seeds []wire.Contact
			for i := range c.seeds {
				seeds = append(seeds, public(wire.ID{i + 1}, 30, i, 1, 1))
			}
			ctx, cancel := context.WithTimeout(context.Background(), c.end)
			defer cancel()
			l := lookup.New(lookup.Config{Target: item.Target(), Method: wire.Get, Querier: c.q, Seeds: seeds,
				Why: func() string { return "the cable is cut" }})
			if e := l.State().Ending; e != lookup.Running || e.String() != "running" {
				t.Errorf("%s: before the start it is %s", c.what, e)
			}
			s := l.Run(ctx)
			if s.Ending != c.want || s.Ending.String() != c.word || s.Err != c.err || !s.Done {
				t.Errorf("%s: %s, want %s; error %q, want %q", c.what, s.Ending, c.want, s.Err, c.err)
			}
		})
	}
}
