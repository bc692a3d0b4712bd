package doctor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/snapshot"
)

// What is odd about a clock.
const (
	firstYear     = 2025             // dhtop is younger: a clock that shows an earlier year is wrong
	oddJump       = 30 * time.Second // more than a time server corrects at once
	fromLater     = 30 * time.Minute // ahead of now, a file of an earlier run shows that the clock went back
	slightlyWrong = 5 * time.Second  // from others: more than a time server leaves
	wrongClock    = 2 * time.Minute  // from others: things break
)

// setClock is the remedy, and what a wrong clock breaks.
const setClock = "set the clock, as with a time server (NTP): certificates (TLS), records numbered by the time (Pkarr) and all times that are kept go by it"

// diagnoseClock compares the clock with those that were read by the way. Without any, it looks for what no right one shows.
func diagnoseClock(s *snapshot.Snapshot) Finding {
	c := &s.Checkup
	others := compareClocks(c.Clocks)
	f := Finding{Name: "clock", Text: s.At.UTC().Format("2006-01-02 15:04 UTC")}
	switch {
	case others.agree:
		f.judge(&others)
	case s.At.Year() < firstYear:
		f.wrong("the clock shows the year " + fmt.Sprint(s.At.Year()))
	case c.Newest.Sub(s.At) > fromLater:
		f.wrong("files of an earlier run are " + human.Age(c.Newest.Sub(s.At)) + " ahead of the clock")
	case c.Jump.Abs() > oddJump:
		f.Verdict, f.Cause = Waiting, CauseClock
		f.Text = "the clock jumped by " + human.Age(c.Jump.Abs()) + ", or the machine slept; times around that are off"
	case len(c.Clocks) > 0:
		f.Text += ", but the clocks of " + others.of + " disagree among themselves"
	default:
		f.Text += " is plausible and ran evenly; no other clock was there to compare it with"
	}
	return f
}

func (f *Finding) wrong(text string) {
	f.Verdict, f.Cause, f.Text, f.Remedy = Fail, CauseClock, text, setClock
}

// judge says how far the clock is from those of others. One HTTP server alone may be wrong itself.
func (f *Finding) judge(o *otherClocks) {
	off := o.ahead.Abs().Round(time.Second)
	if off > wrongClock {
		off = off.Round(time.Minute)
	}
	way := "ahead of"
	if o.ahead < 0 {
		way = "behind"
	}
	switch {
	case o.ahead.Abs() <= o.error+slightlyWrong:
		f.Text += " agrees with the clock of " + o.of
		return
	case off < wrongClock:
		f.Verdict, f.Cause = Waiting, CauseClock
		f.Text = fmt.Sprintf("the clock is %s %s that of %s", human.Age(off), way, o.of)
		f.Remedy = "set the clock, as with a time server (NTP): times that are kept and sent are off by that"
		return
	}
	f.wrong(fmt.Sprintf("the clock is %s %s that of %s", human.Age(off), way, o.of))
	if o.alone {
		f.Verdict = Waiting
		f.Text += ", which may be wrong itself"
	}
}

// otherClocks are what clocks that were read say together.
type otherClocks struct {
	agree        bool // most of them agree
	alone        bool // there is one, and it is a stranger's
	ahead, error time.Duration
	of           string
}

// compareClocks goes by the majority, and in it by the most exact one.
func compareClocks(all []snapshot.ClockReading) (o otherClocks) {
	if len(all) == 0 {
		return o
	}
	sorted := slices.SortedFunc(slices.Values(all), func(a, b snapshot.ClockReading) int { return cmp.Compare(a.Ahead, b.Ahead) })
	middle := sorted[len(sorted)/2]
	best, agreeing := middle, 0
	var of []string
	for _, r := range sorted {
		if (r.Ahead - middle.Ahead).Abs() > r.Error+middle.Error+slightlyWrong {
			continue
		}
		agreeing++
		if r.Error < best.Error {
			best = r
		}
		if !slices.Contains(of, r.Of) {
			of = append(of, r.Of)
		}
	}
	slices.Sort(of)
	o.agree, o.alone = 2*agreeing > len(all), len(all) == 1 && all[0].Of == snapshot.ClockOfTracker
	o.ahead, o.error, o.of = best.Ahead, best.Error, strings.Join(of, " and ")
	return o
}
