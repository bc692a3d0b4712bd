package tracker

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

func TestRefusalsAreCountedByReason(t *testing.T) {
	tr := run(t, Config{Require: RequireCompact})
	tr.SetPolicy(&Policy{Deny: map[wire.ID]struct{}{wire.ID([]byte(hashB)): {}}})
	c := dial(t, tr.HTTPAddr())
	for _, target := range []string{
		announceURL(hashA, peerA, 1), announceURL(hashA, peerA, 1, "port", ""), announceURL(hashA, peerA, 0), announceURL(hashA, peerA, 1, "compact", "0"),
		announceURL(hashB, peerA, 1), "/announce?info_hash=%zz", "/favicon.ico", "/scrape",
	} {
		c.get(target)
	}
	want := [Reasons]uint64{Malformed: 1, UnknownPath: 1, Missing: 2, Invalid: 1, WrongForm: 1, NotServed: 1}
	if s := tr.Stats(time.Now()); s.RefusedHTTP != want || s.Failures != 7 || s.AnnouncesHTTP != 1 {
		t.Errorf("%v, %d in all, of %d announces; want %v", s.RefusedHTTP, s.Failures, s.AnnouncesHTTP, want)
	}
}

func TestTheHistoryIsTheAnnouncesOfTheLastSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := mustOpen(t)
		stop := make(chan struct{})
		ctx, cancel := context.WithCancel(context.Background())
		go func() { tr.upkeep(ctx); close(stop) }()
		for second := range HistoryLen + 30 {
			for range second % 3 {
				tr.announced(new(Request), true)
			}
			time.Sleep(time.Second)
			synctest.Wait()
		}
		cancel()
		<-stop
		history := tr.Stats(time.Now()).History
		if len(history) != HistoryLen || !slices.Equal(history[:6], []float64{0, 1, 2, 0, 1, 2}) {
			t.Errorf("%d: %v", len(history), history)
		}
	})
}
