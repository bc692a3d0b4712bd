package bridge

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

func TestTheBridgeRestsWhileTheNodeIsBusyAndLooksUpATorrentOnceInAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var slack atomic.Value
		slack.Store(1.0)
		var mu sync.Mutex
		lookups := map[wire.ID]int{}
		var next byte
		b := New(Config{Every: Every,
			Wanted: func() (wire.ID, bool) {
				next++
				return wire.ID{next}, true
			},
			Offer:   func(wire.ID, []netip.AddrPort, time.Time) int { return 0 },
			Slack:   func() float64 { return slack.Load().(float64) },
			Private: func(hash wire.ID) bool { return hash[0]%2 == 1 },
			LookUp: func(_ context.Context, hash wire.ID) lookup.State {
				mu.Lock()
				defer mu.Unlock()
				lookups[hash]++
				return lookup.State{Round: lookup.Round{Replied: 1}}
			},
		})
		count := func(during time.Duration) int {
			mu.Lock()
			clear(lookups)
			mu.Unlock()
			time.Sleep(during)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return len(lookups)
		}
		ctx, cancel := context.WithCancel(context.Background())
		go b.Run(ctx)
		if n := count(time.Minute); n < 28 || n > 30 {
			t.Errorf("%d lookups in an idle minute", n)
		}
		for hash := range lookups {
			if hash[0]%2 == 1 {
				t.Errorf("the private torrent %v is looked up", hash)
			}
		}
		slack.Store(0.1)
		if n := count(5 * time.Minute); n < 8 || n > 11 {
			t.Errorf("%d lookups in five busy minutes", n)
		}
		cancel()
		synctest.Wait()
	})
}

func TestATorrentIsLookedUpAgainAfterAWhile(t *testing.T) {
	now := time.Now()
	var wanted []wire.ID
	b := New(Config{Private: func(wire.ID) bool { return false }, Wanted: func() (hash wire.ID, ok bool) {
		if len(wanted) > 0 {
			hash, wanted = wanted[0], wanted[1:]
			return hash, true
		}
		return hash, false
	}})
	for _, c := range []struct {
		after time.Duration
		found bool
	}{{0, true}, {time.Minute, false}, {again - time.Second, false}, {again, true}} {
		wanted = []wire.ID{{1}}
		if _, ok := b.next(now.Add(c.after)); ok != c.found {
			t.Errorf("after %v: %v", c.after, ok)
		}
	}
}

func TestFewAddressesOfAHostAndNoneOfAStrangersNetworkAreOffered(t *testing.T) {
	from := netip.MustParseAddrPort("192.0.2.1:6881")
	b := New(Config{Believes: func(claimed, _ netip.AddrPort) bool { return !claimed.Addr().IsPrivate() }})
	var found []lookup.Peer
	for _, text := range []string{"8.8.8.8:2000", "8.8.8.8:2001", "8.8.8.8:2002", "9.9.9.9:80", "10.0.0.1:2000", "[2001:4860::1]:2000"} {
		found = append(found, lookup.Peer{Addr: netip.MustParseAddrPort(text), From: []netip.AddrPort{from}})
	}
	if got := fmt.Sprint(b.offered(found)); got != "[8.8.8.8:2000 8.8.8.8:2001 [2001:4860::1]:2000]" {
		t.Error(got)
	}
}
