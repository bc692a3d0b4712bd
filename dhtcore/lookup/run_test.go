package lookup

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

func TestALookupStartsFromWhatItsSharedKnows(t *testing.T) {
	shared := NewShared()
	for i := range byte(30) {
		shared.Replied(at(i, i), time.Millisecond)
	}
	seed := at(99, 99)
	l := fresh(Config{Shared: shared, Seeds: []wire.Contact{seed}})
	s := &l.shortlists[0]
	if len(s.sorted) != 17 || s.known[seed] == nil || s.sorted[15].step.ID != (wire.ID{15}) {
		t.Errorf("it starts from %d nodes", len(s.sorted))
	}
	for _, c := range s.sorted {
		if !c.isSeed() || c.step.Round != 1 {
			t.Errorf("candidate %+v", c.step)
		}
	}
}

// mute is a Querier: the nodes reply at once, but for the one with the ID 0, which never does.
type mute struct{}

func (mute) Admit(context.Context, netip.AddrPort) error { return nil }

func (mute) Ask(ctx context.Context, to wire.Contact, _ wire.Query) (wire.Reply, error) {
	if !to.ID.Zero() {
		return wire.Reply{From: to, RTT: time.Millisecond}, nil
	}
	<-ctx.Done()
	return wire.Reply{}, errors.New("no reply")
}

func TestOnlyALookupThatRanItsCourseMeasuresTheNetwork(t *testing.T) {
	for end, want := range map[time.Duration]Ending{100 * time.Millisecond: Cancelled, time.Minute: Completed} {
		synctest.Test(t, func(t *testing.T) {
			shared := NewShared()
			var seeds []wire.Contact
			for i := range byte(9) {
				seeds = append(seeds, at(i, i))
			}
			ctx, cancel := context.WithTimeout(context.Background(), end)
			defer cancel()
			s := New(Config{Target: wire.ID{19: 1}, Querier: mute{}, Shared: shared, Seeds: seeds}).Run(ctx)
			if measured := shared.NetworkSize(wire.IPv4).Lookups > 0; s.Ending != want || s.Replied != 8 || measured != (want == Completed) {
				t.Errorf("after %s: %s with %d replies, measured: %v", end, s.Ending, s.Replied, measured)
			}
		})
	}
}
