package cli

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheWatchdogHearsOfTheServiceOnlyWhileAllOfItGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told, said []string
		var parts []string
		hold := make(chan struct{})
		stays := false
		v := &supervisor{
			watchdog: 3 * time.Second,
			notify:   func(state string) { told = append(told, state) },
			say:      func(_ logLevel, text string) { said = append(said, text) },
			stuck: func(time.Time) []string {
				if stays {
					<-hold
				}
				return parts
			},
		}
		ctx, cancel := context.WithCancel(t.Context())
		go v.guard(ctx)
		signs := func() int {
			told = nil
			time.Sleep(10 * time.Second)
			synctest.Wait()
			return strings.Count(strings.Join(told, "\n"), "WATCHDOG=1")
		}
		if n := signs(); n < 9 {
			t.Errorf("%d signs of life in 10 s, of a service that has to give one every 3 s", n)
		}
		parts = []string{"the socket at 1.2.3.4:5 has worked on one batch of packets for 30s"}
		if n := signs(); n != 0 || len(said) != 1 || !strings.Contains(strings.Join(told, "\n"), "STATUS=the socket") {
			t.Errorf("a stuck service gives %d signs of life; it says %q and %q", n, said, told)
		}
		parts = nil
		if n := signs(); n < 9 {
			t.Errorf("it goes on, and gives %d signs of life", n)
		}
		stays = true // a lock that nobody frees
		signs()
		if n := signs(); n != 0 {
			t.Errorf("a service that cannot even be asked gives %d signs of life", n)
		}
		cancel()
		close(hold)
	})
}

func TestWhatAReloadChangesAreSettingsOfServe(t *testing.T) {
	f := serveCommand(streams{}).Flags()
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
