package scenario

import (
	"slices"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/testnet"
)

// Condition is one of testnet.Conditions, under its name in a file.
type Condition struct {
	Name string
	Unit Unit
	Help string

	of func(*testnet.Conditions) any // *float64, or *time.Duration where Unit is Duration
}

// Unit is what a Condition or a Measure is counted in.
type Unit uint8

// The units. The value of a Duration is in seconds.
const (
	Number Unit = iota
	Share       // from 0 to 1
	Duration
	Rate  // per second
	Level // low, medium or high
)

var unitNames = [...]string{"number", "share", "duration", "per second", "level"}

// String returns the word for the unit.
func (u Unit) String() string { return unitNames[u] }

// Conditions returns those that a file can set, in the order of the documentation.
func Conditions() []Condition {
	return []Condition{
		{"loss", Share, "of the packets, which do not arrive", func(c *testnet.Conditions) any { return &c.Loss }},
		{"delay", Duration, "of every packet, beyond the round-trip time of its sender", func(c *testnet.Conditions) any { return &c.Delay }},
		{"silent", Share, "of the nodes, which others know but which answer no more", func(c *testnet.Conditions) any { return &c.Silent }},
		{"nated", Share, "of the nodes, which hear only those that they spoke to first", func(c *testnet.Conditions) any { return &c.NATed }},
		{"liars", Share, "of the nodes, which answer with neighbours that do not exist", func(c *testnet.Conditions) any { return &c.Liars }},
		{"partition", Share, "of the nodes, which are cut off from the rest and from us", func(c *testnet.Conditions) any { return &c.Partition }},
		{"churn", Duration, "until one node leaves and another joins, again and again; 0s for never", func(c *testnet.Conditions) any { return &c.Churn }},
		{"demand", Number, "by which the usual demand is multiplied; 0 counts as 1", func(c *testnet.Conditions) any { return &c.Demand }},
	}
}

// conditionNamed returns the condition of a name.
func conditionNamed(name string) (c Condition, ok bool) {
	all := Conditions()
	if i := slices.IndexFunc(all, func(c Condition) bool { return c.Name == name }); i >= 0 {
		return all[i], true
	}
	return c, false
}

// Setting gives one condition a value.
type Setting struct {
	Condition string
	Value     float64 // in the unit of the condition
}

// Apply returns the conditions c with the settings.
func Apply(settings []Setting, c testnet.Conditions) testnet.Conditions {
	for _, s := range settings {
		condition, ok := conditionNamed(s.Condition)
		if !ok {
			continue
		}
		switch value := condition.of(&c).(type) {
		case *float64:
			*value = s.Value
		case *time.Duration:
			*value = seconds(s.Value)
		}
	}
	return c
}

// String returns the setting as a person reads it: "loss 30 %".
func (s Setting) String() string {
	c, _ := conditionNamed(s.Condition)
	return s.Condition + " " + c.Unit.text(s.Value)
}

// text returns a value in the unit, for people.
func (u Unit) text(value float64) string {
	switch u {
	case Share:
		return human.Percent(value)
	case Duration:
		return seconds(value).String()
	}
	return plain(value)
}
