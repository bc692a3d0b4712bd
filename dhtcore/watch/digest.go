package watch

import (
	"slices"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/wire"
)

// Digest is what happened while somebody was away.
type Digest struct {
	Since time.Time
	Lines []DigestLine // the most important first; none where nothing happened
}

// DigestLine is one thing that happened, and what it is about.
type DigestLine struct {
	Text    string    // a clause: "3 of 40 lost their last seed"
	Kind    Kind      // of its alerts; Kinds for what comes from none
	Alerts  []Alert   // the newest first
	Targets []wire.ID // of the entries, each once
}

// DigestFacts are what a Digest is made of.
type DigestFacts struct {
	Since, Now time.Time // clock times are told in the time zone of Now
	Alerts     []Alert   // that are kept, the newest first
	Entries    int       // of the list
	NewHashes  int       // that were seen for the first time since; 0 where that is not known
}

// digestWords say what happened to some entries.
var digestWords = [NodeUnreachable]struct{ one, many string }{
	FewSeeds:      {"has too few seeds", "have too few seeds"},
	FirstPeer:     {"has peers again after a silence", "have peers again after a silence"},
	LastSeed:      {"lost its last seed", "lost their last seed"},
	MineGone:      {"no longer has your client among its peers", "no longer have your client among their peers"},
	Disagree:      {"differs between the DHT and its trackers", "differ between the DHT and their trackers"},
	Demand:        {"is in much more demand", "are in much more demand"},
	RecordChanged: {"changed", "changed"},
	RecordFading:  {"is fading from its holders", "are fading from their holders"},
}

// digestOrder is the order of the lines.
var digestOrder = [...]Kind{LastSeed, RecordFading, MineGone, FewSeeds, FirstPeer, RecordChanged, Demand, Disagree}

// MakeDigest sums up what fired since a moment, and what of that is over.
func MakeDigest(f *DigestFacts) Digest {
	d := Digest{Since: f.Since}
	add := func(kind Kind, text string, alerts []Alert) {
		line := DigestLine{Text: text, Kind: kind, Alerts: alerts}
		for i := range alerts {
			if id := alerts[i].Target; !id.Zero() && !slices.Contains(line.Targets, id) {
				line.Targets = append(line.Targets, id)
			}
		}
		d.Lines = append(d.Lines, line)
	}
	for _, kind := range digestOrder {
		if alerts := f.fired(kind); len(alerts) > 0 {
			add(kind, f.entriesText(kind, alerts), alerts)
		}
	}
	for _, of := range [...]struct {
		kind Kind
		text string
	}{{NodeUnreachable, "your port was closed "}, {NetworkGone, "the network was gone "}} {
		if alerts := f.lasted(of.kind); len(alerts) > 0 {
			add(of.kind, of.text+f.spans(alerts), alerts)
		}
	}
	if f.NewHashes > 0 {
		add(Kinds, human.Amount(f.NewHashes, "new hash", "new hashes"), nil)
	}
	return d
}

// fired are the alerts of a kind that fired since.
func (f *DigestFacts) fired(kind Kind) []Alert {
	return f.filter(func(a *Alert) bool { return a.Kind == kind && a.Fired.After(f.Since) })
}

// lasted are the alerts of a kind that fired at some time since.
func (f *DigestFacts) lasted(kind Kind) []Alert {
	return f.filter(func(a *Alert) bool {
		return a.Kind == kind && (a.Firing() || a.Cleared.After(f.Since))
	})
}

func (f *DigestFacts) filter(keep func(a *Alert) bool) (some []Alert) {
	for i := range f.Alerts {
		if keep(&f.Alerts[i]) {
			some = append(some, f.Alerts[i])
		}
	}
	return some
}

// entriesText is "3 of 40 lost their last seed, 1 has recovered", with the name where it is one.
func (f *DigestFacts) entriesText(kind Kind, alerts []Alert) string {
	of, over := map[wire.ID]bool{}, map[wire.ID]bool{}
	for i := range alerts { // the newest of an entry is the one that counts
		if a := &alerts[i]; !of[a.Target] {
			of[a.Target], over[a.Target] = true, !a.Firing()
		}
	}
	recovered := 0
	for _, is := range over {
		if is {
			recovered++
		}
	}
	words := digestWords[kind]
	text := human.Count(len(of)) + " of " + human.Count(max(f.Entries, len(of))) + " " + human.Plural(len(of), words.one, words.many)
	if len(of) == 1 {
		text = alerts[0].Name + " " + words.one
	}
	state := rules[kind].lasts == 0
	switch {
	case !state || recovered == 0:
	case recovered == len(of):
		text += human.Plural(len(of), ", and has recovered", ", and have recovered")
	default:
		text += "; " + human.Count(recovered) + human.Plural(recovered, " has recovered", " have recovered")
	}
	return text
}

// mostSpans is how many spans of time a line tells.
const mostSpans = 3

// spans is "from 02:10 to 02:40", the oldest first.
func (f *DigestFacts) spans(alerts []Alert) (text string) {
	for i, a := range slices.Backward(alerts) {
		switch n := len(alerts) - 1 - i; {
		case n == mostSpans:
			return text + ", and " + human.Amount(len(alerts)-mostSpans, "more time", "more times")
		case n > 0:
			text += ", "
		}
		if a.Firing() {
			text += "since " + f.clock(a.Since)
		} else {
			text += "from " + f.clock(a.Since) + " to " + f.clock(a.Cleared)
		}
	}
	return text
}

// clock is a time of day, with the date where that is not within the last day.
func (f *DigestFacts) clock(t time.Time) string {
	layout := "15:04"
	if f.Now.Sub(t) >= 24*time.Hour {
		layout = "2 Jan 15:04"
	}
	return t.In(f.Now.Location()).Format(layout)
}
