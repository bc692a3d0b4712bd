package doctor

import (
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/snapshot"
)

// Weather is how a node that has joined fares, in one word.
type Weather uint8

// The weathers, from the least to the most serious.
const (
	NoWeather Weather = iota // it has not joined
	Calm
	Quiet    // hardly anything comes in
	Busy     // it does all that it may, or is sent more than it can take
	Deaf     // others cannot reach it, or their replies do not come
	Poisoned // what it is told is false: most lookups end among nodes put there to hide others
)

var weathers = [...]string{"", "calm", "quiet", "busy", "deaf", "poisoned"}

// String returns the word of the status bar; "" for no weather.
func (w Weather) String() string { return weathers[w%Weather(len(weathers))] }

// When the weather turns.
const (
	weatherLookups  = 10 * time.Minute // lookups that ended before say nothing of now
	enoughLookups   = 3                // finished in that time, by which poison is known
	poisonedShare   = 0.5              // of them with a high risk
	quietRate       = 0.2              // packets/s that came in, over the seconds that are remembered
	busyRate        = 500.             // packets/s: many times what a well-known node gets
	enoughQuietTime = 30               // seconds of history before quiet means something
)

// WeatherOf returns the weather, which is NoWeather before the node has joined. It sends nothing, and allocates nothing
// while it is calm.
func WeatherOf(s *snapshot.Snapshot) Weather {
	w, _ := weatherOf(s)
	return w
}

// ExplainWeather returns the sentence that says what the weather follows from.
func ExplainWeather(s *snapshot.Snapshot) string {
	switch w, says := weatherOf(s); w {
	case NoWeather:
		return "the node has not joined the network"
	case Calm:
		return human.Rate(s.Traffic.InRate) + " packets/s come in, " + human.Rate(s.Traffic.OutRate) + " go out; nothing stands out"
	default:
		return says
	}
}

func weatherOf(s *snapshot.Snapshot) (Weather, string) {
	if s.Phase != snapshot.Serving {
		return NoWeather, ""
	}
	for i := range weatherRules {
		if says := weatherRules[i].holds(s); says != "" {
			return weatherRules[i].weather, says
		}
	}
	return Calm, ""
}

// weatherRules are tried in order, the most serious first. A rule that holds returns a sentence, one that does not "".
var weatherRules = [...]struct {
	weather Weather
	holds   func(*snapshot.Snapshot) string
}{{Poisoned, poisoned}, {Deaf, deaf}, {Busy, busy}, {Quiet, quiet}}

func poisoned(s *snapshot.Snapshot) string {
	done, high := 0, 0
	for i := range s.Lookups {
		lk := &s.Lookups[i]
		if !lk.Done || lk.Asked == 0 || s.At.Sub(lk.Started.Add(lk.Elapsed)) > weatherLookups {
			continue
		}
		done++
		if lk.Risk.Level == lookup.HighRisk {
			high++
		}
	}
	if done < enoughLookups || float64(high) < poisonedShare*float64(done) {
		return ""
	}
	return human.Count(high) + " of the last " + human.Count(done) + " lookups ended among nodes that seem to be put there: 4 shows why"
}

func deaf(s *snapshot.Snapshot) string {
	mode := node.ModeServing
	if len(s.Nodes) > 0 {
		mode = s.Nodes[0].Mode
	}
	switch up := s.At.Sub(s.Started); {
	case s.Outage.Kind == snapshot.Filtered:
		return s.Outage.Text
	case mode != node.ModeReadOnly && queriesIn(s) == 0 && up >= FirstRequest:
		return "nobody has queried this node in " + human.Age(up) + ": see port"
	}
	return ""
}

func busy(s *snapshot.Snapshot) string {
	t := &s.Traffic
	switch {
	case float64(t.KernelDrops) > tooLossy*float64(t.PacketsIn):
		return "the system drops packets that this node cannot take in time: see loss"
	case len(t.Blocked) > 0:
		return human.Amount(len(t.Blocked), "source floods", "sources flood") + " this node: see --inbound-per-ip"
	case t.Limits.Packets > 0 && t.Used.Packets >= nearlyAll*t.Limits.Packets:
		return "it uses all of its budget, " + human.Rate(t.Used.Packets) + " of " + human.Rate(t.Limits.Packets) + " packets/s"
	case t.InRate >= busyRate:
		return human.Rate(t.InRate) + " packets/s come in; tens are normal"
	}
	return ""
}

func quiet(s *snapshot.Snapshot) string {
	h := s.Traffic.History
	if len(h) < enoughQuietTime {
		return ""
	}
	sum := 0.
	for _, n := range h {
		sum += n
	}
	if sum >= quietRate*float64(len(h)) {
		return ""
	}
	return human.Amount(int(sum), "packet", "packets") + " came in within " + human.Age(time.Duration(len(h))*time.Second) + "; a few a second are normal"
}
