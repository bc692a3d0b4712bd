package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"dhtop/dhtcore"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

const (
	// logBurst is for how many seconds a kind may save up lines.
	logBurst = 25
	// sayLeftOutEvery is how often the log says what it left out, if it did.
	sayLeftOutEvery = 10 * time.Second
)

// serveLog writes the events of a node as lines. It reads them from the journal, on the goroutine of the command:
// the node never waits for it. What it leaves out it counts, and says so.
type serveLog struct {
	out     *console.Output
	errOut  io.Writer
	options atomic.Pointer[settings.LogOptions] // a reload replaces them

	limits  [256]*rate.Limiter // by kind
	limited float64            // the rate that limits were made for
	seen    seenSet
	line    []byte

	leftOut  [256]uint64 // by kind, since the log has said it
	repeats  uint64      // that unique left out
	unread   uint64      // that the journal dropped
	silent   bool        // nothing is left out since then
	saidLast time.Time
}

func newServeLog(out *console.Output, errOut io.Writer, o settings.LogOptions) *serveLog {
	l := &serveLog{out: out, errOut: errOut, saidLast: time.Now(), silent: true}
	l.options.Store(&o)
	return l
}

// eventLevels are the levels of the kinds that are not LogInfo.
var eventLevels = map[dhtcore.EventKind]settings.LogLevel{
	dhtcore.Warning: settings.LogWarning, dhtcore.LookupStep: settings.LogDebug, dhtcore.Discovered: settings.LogDebug,
}

// levelOf returns the level of the lines of a kind.
func levelOf(kind dhtcore.EventKind) settings.LogLevel {
	if level, special := eventLevels[kind]; special {
		return level
	}
	return settings.LogInfo
}

// event writes the line of an event: all of them as NDJSON; in the log those that its options ask for, with replies
// to lookups and announces in the forms that log readers expect.
func (l *serveLog) event(e *dhtcore.Event) error {
	o := l.options.Load()
	switch {
	case l.out.JSON, l.out.CSV:
		return nil
	case l.out.NDJSON:
		if o.Unique && !l.seen.news(e) {
			return nil
		}
		l.line = report.AppendEvent(l.line[:0], e, o.Form)
	case levelOf(e.Kind) > o.Level, o.Quiet && levelOf(e.Kind) > settings.LogWarning:
		return nil
	case o.Unique && !l.seen.news(e):
		l.repeats, l.silent = l.repeats+1, false
		return nil
	case !l.admits(e.Kind, o.Rate):
		l.leftOut[e.Kind]++
		l.silent = false
		return nil
	case o.Format == settings.LogJSON:
		l.line = report.AppendEvent(l.line[:0], e, o.Form)
	default:
		l.line = report.AppendEventLine(l.line[:0], e, o.Form)
	}
	if o.Unique {
		l.seen.add(e)
	}
	_, err := l.out.Write(l.line)
	return err
}

// admits reports whether the rate allows another line of a kind.
func (l *serveLog) admits(kind dhtcore.EventKind, perSecond float64) bool {
	if perSecond != l.limited {
		l.limits, l.limited = [256]*rate.Limiter{}, perSecond
	}
	if perSecond == 0 {
		return true
	}
	if l.limits[kind] == nil {
		l.limits[kind] = rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond*logBurst)))
	}
	return l.limits[kind].Allow()
}

// lost takes in how many events the journal dropped before they were read.
func (l *serveLog) lost(n uint64) error {
	l.unread, l.silent = l.unread+n, false
	return nil
}

// flush says what was left out, once in a while and at the end, and writes all lines.
func (l *serveLog) flush(last bool) error {
	if now := time.Now(); !l.silent && (last || now.Sub(l.saidLast) >= sayLeftOutEvery) {
		l.saidLast = now
		l.sayLeftOut(now)
		l.leftOut, l.repeats, l.unread, l.silent = [256]uint64{}, 0, 0, true
	}
	return l.out.Flush()
}

// sayLeftOut writes how many lines of each kind are missing.
func (l *serveLog) sayLeftOut(now time.Time) {
	o := l.options.Load()
	if l.out.JSON || l.out.CSV || l.out.NDJSON {
		if l.unread > 0 {
			l.say(settings.LogWarning, fmt.Sprintf("%d events lost: the output is read too slowly", l.unread))
		}
		return
	}
	if o.Level < settings.LogWarning {
		return
	}
	counts := make([]report.LeftOut, 0, len(l.leftOut))
	for kind, n := range l.leftOut {
		counts = append(counts, report.LeftOut{Name: dhtcore.EventKind(kind).String(), Lines: n}) //nolint:gosec // its index
	}
	counts = append(counts, report.LeftOut{Name: "repeats", Lines: l.repeats}, report.LeftOut{Name: "unread", Lines: l.unread})
	if o.Format == settings.LogJSON {
		l.line = report.AppendLeftOut(l.line[:0], now, counts)
	} else {
		l.line = report.AppendLeftOutLine(l.line[:0], counts)
	}
	l.out.Write(l.line) //nolint:errcheck // Flush tells
}

// say writes a remark of the program itself to stderr, if its level is wanted.
func (l *serveLog) say(level settings.LogLevel, text string) {
	o := l.options.Load()
	if level > o.Level {
		return
	}
	text = strings.TrimSpace(text)
	if o.Format == settings.LogJSON {
		line, _ := json.Marshal(struct { //nolint:errchkjson // texts only
			At    string `json:"at"`
			Kind  string `json:"kind"`
			Level string `json:"level"`
			Text  string `json:"text"`
		}{report.Time(time.Now()), "log", level.String(), text})
		fmt.Fprintf(l.errOut, "%s\n", line)
		return
	}
	fmt.Fprintln(l.errOut, "dhtop:", text)
}
