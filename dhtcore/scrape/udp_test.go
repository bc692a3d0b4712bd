package scrape

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestAUDPTrackerTellsTheCounts(t *testing.T) {
	u := openTracker(t)
	r := scrape(t, openClient(t, Config{}), u.url(), id(1), id(9))
	want := []Swarm{{true, 1, 3, 2}, {true, 9, 11, 10}}
	if r.Err != nil || !slices.Equal(r.Swarms, want) || r.RTT <= 0 || r.Elapsed < r.RTT || r.Addr.String() != u.conn.LocalAddr().String() {
		t.Errorf("%+v, want %+v", r, want)
	}
}

func TestAllTrackersHaveOneSocketAndEachOneConnection(t *testing.T) {
	c := openClient(t, Config{})
	trackers := []*udpTracker{openTracker(t), openTracker(t), openTracker(t)}
	hashes := make([]wire.ID, 160)
	for i := range hashes {
		hashes[i] = id(byte(i))
	}
	var scrapes sync.WaitGroup
	for _, u := range trackers {
		scrapes.Go(func() {
			if r := scrape(t, c, u.url(), hashes...); r.Err != nil || len(r.Swarms) != 160 || r.Swarms[150].Seeders != 150 {
				t.Errorf("%v, %d swarms", r.Err, len(r.Swarms))
			}
		})
	}
	scrapes.Wait()
	sources := map[netip.AddrPort]bool{}
	for _, u := range trackers {
		u.locked(func() {
			for from := range u.sources {
				sources[from] = true
			}
			if u.ids != 1 || !slices.Equal(u.scrapes, []int{74, 74, 12}) {
				t.Errorf("%d connections, scrapes of %v hashes", u.ids, u.scrapes)
			}
		})
	}
	if len(sources) != 1 {
		t.Errorf("the packets come from %v", sources)
	}
}

func TestALostPacketIsSentAgain(t *testing.T) {
	u := openTracker(t)
	u.locked(func() { u.deaf = 3 })
	c := openClient(t, Config{})
	c.wait = 5 * time.Millisecond
	if r := scrape(t, c, u.url(), id(1)); r.Err != nil || r.Swarms[0].Seeders != 1 {
		t.Errorf("%+v", r)
	}
}

func TestThePatienceOfTheCallerIsTheLast(t *testing.T) {
	u := openTracker(t)
	u.locked(func() { u.deaf = 1 << 30 })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r := openClient(t, Config{}).Scrape(ctx, u.url(), []wire.ID{id(1)})
	if r.Err == nil || !strings.Contains(r.Err.Error(), "no answer within") || r.Swarms != nil || r.Elapsed > 10*time.Second {
		t.Errorf("%+v", r)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if r := openClient(t, Config{}).Scrape(ctx, u.url(), []wire.ID{id(1)}); !errors.Is(r.Err, context.Canceled) {
		t.Errorf("%+v", r)
	}
}

func TestATrackerThatHasStartedAnewIsConnectedToAgain(t *testing.T) {
	u := openTracker(t)
	c := openClient(t, Config{})
	scrape(t, c, u.url(), id(1))
	u.locked(func() { u.good = 8 })
	r := scrape(t, c, u.url(), id(1))
	u.locked(func() {
		if r.Err != nil || u.ids != 2 {
			t.Errorf("%v after %d connections", r.Err, u.ids)
		}
	})
}

func TestRepliesOfOtherTransactionsAreNotTaken(t *testing.T) {
	u := openTracker(t)
	u.locked(func() { u.mistaken = true })
	if r := scrape(t, openClient(t, Config{}), u.url(), id(1)); r.Err != nil || r.Swarms[0].Seeders != 1 {
		t.Errorf("%+v", r)
	}
}

func TestAStrangerCannotReplyInPlaceOfATracker(t *testing.T) {
	u, stranger := openTracker(t), openTracker(t)
	u.locked(func() {
		u.answer = func(head []byte) []byte {
			for i := range 12 {
				head = append(head, byte(i))
			}
			stranger.send(head, firstOf(u.sources))
			return nil
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if r := openClient(t, Config{}).Scrape(ctx, u.url(), []wire.ID{id(1)}); r.Err == nil {
		t.Errorf("%+v", r)
	}
}

func firstOf(m map[netip.AddrPort]bool) (a netip.AddrPort) {
	for a = range m {
		break
	}
	return a
}

func TestWhatIsWrongWithAUDPReplyIsASentence(t *testing.T) {
	for says, answer := range map[string]func(head []byte) []byte{
		"the tracker says: go �[2J away":    func(head []byte) []byte { return failed(head, "go \x1b[2J away\x00\x00") },
		"refuses, without a reason":         func(head []byte) []byte { return failed(head, "") },
		"has no counts":                     func(head []byte) []byte { return append(head, 1, 2, 3) },
		"is to the action 9":                func(head []byte) []byte { head[3] = 9; return append(head, make([]byte, 12)...) },
		"is to the action 4294967295, not ": func(head []byte) []byte { copy(head, "\xff\xff\xff\xff"); return head },
	} {
		u := openTracker(t)
		u.locked(func() { u.answer = answer })
		if r := scrape(t, openClient(t, Config{}), u.url(), id(1)); r.Err == nil || !strings.Contains(r.Err.Error(), says) {
			t.Errorf("%v, want %q", r.Err, says)
		}
	}
}

func TestFewerCountsThanHashesAreThoseOfTheFirst(t *testing.T) {
	b := append([]byte{0, 0, 0, 2, 1, 2, 3, 4}, 0, 0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 7, 0, 0)
	got, err := parseScrape(b, 2)
	if err != nil || got[0] != (Swarm{true, 5, 7, Unknown}) || got[1] != unknownSwarm {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzUDPReply(f *testing.F) {
	f.Add([]byte{0, 0, 0, 2, 1, 2, 3, 4, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0, 7}, 1)
	f.Add([]byte{0, 0, 0, 0, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8}, 2)
	f.Add([]byte("\x00\x00\x00\x03\x01\x02\x03\x04go\x1b[2J"), 74)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		n = max(1, n&127)
		if _, err := parseConnect(b); err != nil {
			checkSentence(t, err)
		}
		swarms, err := parseScrape(b, n)
		if err != nil {
			checkSentence(t, err)
			return
		}
		checkSwarms(t, swarms, n)
	})
}

// checkSentence fails on an error that a terminal would obey.
func checkSentence(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	if text == "" || strings.ContainsAny(text, "\x1b\x00\n\r") || len(text) > 1024 {
		t.Errorf("%q", text)
	}
}

func checkSwarms(t *testing.T, swarms []Swarm, n int) {
	t.Helper()
	if len(swarms) != n {
		t.Errorf("%d swarms of %d", len(swarms), n)
	}
	for _, s := range swarms {
		if min(s.Seeders, s.Leechers, s.Completed) < Unknown || !s.Known && s != unknownSwarm {
			t.Errorf("%+v", s)
		}
	}
}
