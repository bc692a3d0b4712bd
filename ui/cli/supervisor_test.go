package cli

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
)

func TestTheWatchdogHearsOfTheServiceOnlyWhileAllOfItGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var (
			mu         sync.Mutex
			told, said []string
			parts      []string
			stays      bool
			hold       = make(chan struct{})
		)
		v := &supervisor{
			watchdog: 3 * time.Second,
			notify:   func(state string) { mu.Lock(); defer mu.Unlock(); told = append(told, state) },
			say:      func(_ settings.LogLevel, text string) { mu.Lock(); defer mu.Unlock(); said = append(said, text) },
			stuck: func(time.Time) []string {
				mu.Lock()
				defer mu.Unlock()
				for stays {
					mu.Unlock()
					<-hold
					mu.Lock()
				}
				return parts
			},
		}
		ctx, cancel := context.WithCancel(t.Context())
		go v.guard(ctx)
		// signs returns how many signs of life there are in 10 s of a service whose parts are so.
		signs := func(now []string, stuck bool) int {
			mu.Lock()
			told, parts, stays = nil, now, stuck
			mu.Unlock()
			time.Sleep(10 * time.Second)
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return strings.Count(strings.Join(told, "\n"), "WATCHDOG=1")
		}
		if n := signs(nil, false); n < 9 {
			t.Errorf("%d signs of life in 10 s, of a service that has to give one every 3 s", n)
		}
		n := signs([]string{"the socket at 1.2.3.4:5 has worked on one batch of packets for 30s"}, false)
		mu.Lock()
		if n != 0 || len(said) != 1 || !strings.Contains(strings.Join(told, "\n"), "STATUS=the socket") {
			t.Errorf("a stuck service gives %d signs of life; it says %q and %q", n, said, told)
		}
		mu.Unlock()
		if n := signs(nil, false); n < 9 {
			t.Errorf("it goes on, and gives %d signs of life", n)
		}
		signs(nil, true) // a lock that nobody frees
		if n := signs(nil, true); n != 0 {
			t.Errorf("a service that cannot even be asked gives %d signs of life", n)
		}
		signs(nil, false)
		cancel()
		close(hold)
	})
}

func TestWhatAReloadChangesAreSettingsOfServe(t *testing.T) {
	f := serveCommand(console.Streams{}).Flags()
	for name := range changes {
		if f.Lookup(name) == nil {
			t.Errorf("serve has no --%s", name)
		}
	}
	for _, name := range always {
		if changes[name] == nil {
			t.Errorf("--%s is no setting that can change", name)
		}
	}
}
