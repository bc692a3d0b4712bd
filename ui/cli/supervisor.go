package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/settings"
)

// statusEvery is how often the supervisor is told how the node fares.
const statusEvery = 10 * time.Second

// supervisor tells systemd, or what else NOTIFY_SOCKET names, that the service is ready, how it fares and that it goes on
// (sd_notify(3)). Without the variable it tells nobody.
type supervisor struct {
	session  *session
	say      func(level settings.LogLevel, text string)
	notify   func(state string)
	watchdog time.Duration // how often the service has to show that it goes on; 0 for never
	stuck    func(now time.Time) []string
}

func newSupervisor(s *session, say func(level settings.LogLevel, text string)) *supervisor {
	interval, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		say(settings.LogWarning, "WATCHDOG_USEC is not a number of microseconds: the watchdog is off")
	}
	return &supervisor{session: s, say: say, notify: notify, watchdog: interval, stuck: s.Stuck}
}

// notify tells the supervisor a state. There is nobody to tell that it failed.
func notify(state string) { daemon.SdNotify(false, state) } //nolint:errcheck // see above

// run tells that the service is ready, then how it fares, until ctx ends.
func (v *supervisor) run(ctx context.Context) {
	v.notify(daemon.SdNotifyReady + "\n" + v.status())
	report := time.NewTicker(statusEvery)
	defer report.Stop()
	if v.watchdog > 0 {
		go v.guard(ctx)
	}
	for {
		select {
		case <-ctx.Done():
			v.notify(daemon.SdNotifyStopping + "\nSTATUS=saving")
			return
		case <-report.C:
			v.notify(v.status())
		}
	}
}

// guard shows that the service goes on, three times as often as it has to, but only while every part of it does. It asks
// on its own goroutine, as the question does not return while a lock is held for good.
func (v *supervisor) guard(ctx context.Context) {
	tick := time.NewTicker(max(v.watchdog/3, time.Millisecond))
	defer tick.Stop()
	told := ""
	for {
		parts := v.stuck(time.Now())
		if len(parts) == 0 {
			v.notify(daemon.SdNotifyWatchdog)
		}
		if text := strings.Join(parts, "; "); text != told {
			if told = text; text != "" {
				v.say(settings.LogError, text+": the supervisor will restart it")
				v.notify("STATUS=" + text)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// reload tells that the service reads its settings anew while do does that.
func (v *supervisor) reload(do func()) {
	v.notify(daemon.SdNotifyReloading + "\n" + daemon.SdNotifyMonotonicUsec())
	do()
	v.notify(daemon.SdNotifyReady + "\n" + v.status())
}

// status is one line on how the node fares.
func (v *supervisor) status() string { return "STATUS=" + statusLine(v.session.Snapshot()) }

func statusLine(s *dhtcore.Snapshot) string {
	good := 0
	for i := range s.Nodes {
		good += s.Nodes[i].Good
	}
	line := fmt.Sprintf("%s: %s, %s, in %.0f/s out %.0f/s", s.Phase, human.Amount(good, "node", "nodes"),
		human.Amount(s.Hashes.Seen, "hash", "hashes"), s.Traffic.InRate, s.Traffic.OutRate)
	if problem := cmp.Or(s.Outage.Text, s.Notice()); problem != "" {
		line += ": " + dhtcore.Printable(problem)
	}
	return line
}
