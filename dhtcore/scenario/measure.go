package scenario

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"time"
)

// Measure is one of the Measurements, under its name in a file and in JSON.
type Measure struct {
	Name string
	Unit Unit
	Help string

	of func(*Measurements) any // float64, int, uint64, time.Duration or string
}

// Measures returns all of them, in the order in which they are printed.
func Measures() []Measure {
	return []Measure{
		{"lookups", Number, "lookups that have ended", func(m *Measurements) any { return m.Lookups }},
		{"recall", Share, "of the peers which the 8 honest nodes closest to a hash hold, that a lookup found; the mean of the lookups", func(m *Measurements) any { return m.Recall }},
		{"missed_peers", Number, "peers that those nodes hold and the lookups did not find", func(m *Measurements) any { return m.MissedPeers }},
		{"closest_found", Share, "of the 8 honest nodes closest to the target, which answered the lookup; the mean of the lookups", func(m *Measurements) any { return m.ClosestFound }},
		{"contacts", Number, "contacts in our routing tables", func(m *Measurements) any { return m.Contacts }},
		{"false_contacts", Number, "contacts at whose address nobody is, or a liar", func(m *Measurements) any { return m.FalseContacts }},
		{"false_share", Share, "of our contacts, which are false", func(m *Measurements) any { return m.FalseShare }},
		{"interval_violations", Number, "samples that we asked a node for sooner than it allows (BEP 51)", func(m *Measurements) any { return m.IntervalViolations }},
		{"recovery", Duration, "from the step that is marked as mended until our table and lookups are well again", func(m *Measurements) any { return m.Recovery }},
		{"deaf", Duration, "the longest time during which hardly any node that we asked replied", func(m *Measurements) any { return m.Deaf }},
		{"answered", Share, "of the pings of a stranger, which our node answered", func(m *Measurements) any { return m.Answered }},
		{"packets_out", Number, "packets that we sent", func(m *Measurements) any { return m.PacketsOut }},
		{"packets_in", Number, "packets that we received", func(m *Measurements) any { return m.PacketsIn }},
		{"packets_per_second", Rate, "packets that we sent, in the busiest ten seconds", func(m *Measurements) any { return m.PacketsPerSecond }},
		{"risk", Level, "that the risk card shows for the last lookup of the target", func(m *Measurements) any { return m.Risk }},
		{"risk_right", Share, "of the lookups, whose risk is high if the target is under siege and not otherwise", func(m *Measurements) any { return m.RiskRight }},
		{"rank", Number, "of the target in our ranking of the hashes, 1 for the most requested", func(m *Measurements) any { return m.Rank }},
		{"lost", Number, "hashes that were counted and are not in the store at the end", func(m *Measurements) any { return m.Lost }},
	}
}

// levels are the words of a Level.
var levels = []string{"low", "medium", "high"}

// measureNamed returns the measure of a name.
func measureNamed(name string) (m Measure, ok bool) {
	all := Measures()
	if i := slices.IndexFunc(all, func(m Measure) bool { return m.Name == name }); i >= 0 {
		return all[i], true
	}
	return m, false
}

// Value returns the measurement as a number, seconds for durations, or as a word for a Level. It is false for one
// that was not measured.
func (m *Measure) Value(of *Measurements) (value float64, word string, measured bool) {
	switch v := m.of(of).(type) {
	case string:
		return 0, v, v != ""
	case int:
		value = float64(v)
	case uint64:
		value = float64(v)
	case time.Duration:
		value = v.Seconds()
	case float64:
		value = v
	}
	return value, "", value >= 0
}

// Text returns the measurement as it is printed, "" where it was not measured: "0.93", "12.4s", "high".
func (m *Measure) Text(of *Measurements) string {
	value, word, measured := m.Value(of)
	switch {
	case !measured:
		return ""
	case m.Unit == Level:
		return word
	}
	return m.Unit.exact(value)
}

// exact returns a value in the unit as a file has it.
func (u Unit) exact(value float64) string {
	switch u {
	case Duration:
		return strconv.FormatFloat(math.Round(value*1000)/1000, 'f', -1, 64) + "s"
	case Share:
		return strconv.FormatFloat(math.Round(value*1e4)/1e4, 'f', -1, 64)
	case Rate:
		return strconv.FormatFloat(math.Round(value*10)/10, 'f', -1, 64)
	}
	return plain(value)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func plain(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }

// MarshalJSON writes an object with all measures: null where one was not measured, durations in _ms.
func (m Measurements) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, measure := range Measures() {
		name, value := measure.Name, any(nil)
		number, word, measured := measure.Value(&m)
		if measure.Unit == Duration {
			name, number = name+"_ms", float64(seconds(number).Milliseconds())
		}
		switch {
		case measured && measure.Unit == Level:
			value = word
		case measured:
			value = number
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(strconv.Quote(name) + ":")
		b.Write(text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
