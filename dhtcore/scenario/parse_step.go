package scenario

import (
	"strconv"
	"time"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// The bounds of an incident.
const (
	maxCount = 1000
	maxBits  = 64
	maxRate  = 100_000
	maxRank  = 1000
)

// never is the value of lookups_every that stops the lookups.
const never = "never"

// hottest is the target that is asked for most.
const hottest = "hottest"

// keys are those of a [[step]].
func (s *Step) keys() []field {
	return []field{
		{"at", func(v value) (err error) { s.At, err = v.duration(0); return err }},
		{"set", func(v value) (err error) { s.Set, err = readSettings(v); return err }},
		{"target", func(v value) (err error) { s.Target, err = readTarget(v); return err }},
		{"begin", func(v value) (err error) { s.Begin, err = readIncident(v); return err }},
		{"end", s.readEnd},
		{"lookup", func(v value) (err error) { s.Lookup, err = v.yes(); return err }},
		{"lookups_every", s.readLookups},
		{"faults", s.readFaults},
		{"network", func(v value) (err error) { s.Network, err = readAccess(v, Away, Back); return err }},
		{"store", func(v value) (err error) { s.Store, err = readAccess(v, Away, Full, Back); return err }},
		{"mended", func(v value) (err error) { s.Mended, err = v.yes(); return err }},
	}
}

// check refuses a step that cannot follow the ones before it.
func (s *Step) check(v value, before []Step) error {
	if n := len(before); n > 0 && s.At < before[n-1].At {
		return v.child("at", nil).errorf("the step at %s stands after the one at %s: put the steps in order", s.At, before[n-1].At)
	}
	if s.String() == "" && s.Target == (Target{}) {
		return v.errorf("the step at %s does nothing: give it a key such as set, begin, end or lookup", s.At)
	}
	aimed := s.Target != Target{}
	for i := range before {
		aimed = aimed || before[i].Target != Target{}
	}
	if needs := s.Lookup || s.Begin != nil && s.Begin.Kind != testnet.Flood; needs && !aimed {
		return v.errorf(`the step at %s has no target: add target = "hottest", a rank such as 3, or 40 hexadecimal digits`, s.At)
	}
	return nil
}

// readTarget reads "hottest", a rank, or an info_hash.
func readTarget(v value) (t Target, err error) {
	switch of := v.any.(type) {
	case int64:
		t.Rank, err = v.whole(1, maxRank)
		return t, err
	case string:
		if of == hottest {
			return Target{Rank: 1}, nil
		}
		if t.Hash, err = wire.ParseID(of); err == nil && t.Hash != (wire.ID{}) {
			return t, nil
		}
	}
	return t, v.want(`"hottest", a rank such as 3, or 40 hexadecimal digits in quotes`)
}

// readIncident reads the name of a kind, or a table.
func readIncident(v value) (*testnet.Incident, error) {
	i := new(testnet.Incident)
	kind := field{"kind", func(v value) (err error) { i.Kind, err = readKind(v); return err }}
	if _, ok := v.any.(string); ok {
		return i, kind.take(v)
	}
	if table, ok := v.any.(map[string]any); ok && table[kind.name] == nil {
		return nil, v.errorf(`begin has no kind: add kind = "%s"`, testnet.SybilRing)
	}
	return i, v.fields([]field{
		kind,
		{"count", func(v value) (err error) { i.Count, err = v.whole(1, maxCount); return err }},
		{"bits", func(v value) (err error) { i.Bits, err = v.whole(1, maxBits); return err }},
		{"rate", func(v value) (err error) { i.Rate, err = v.number(0, maxRate); return err }},
		{"for", func(v value) (err error) { i.For, err = v.duration(shortest); return err }},
	})
}

func readKind(v value) (testnet.IncidentKind, error) {
	kinds := testnet.IncidentKinds()
	names := make([]string, 0, len(kinds))
	for _, kind := range kinds {
		names = append(names, kind.String())
	}
	i, err := v.oneOf(names)
	return kinds[i], err
}

func (s *Step) readEnd(v value) error {
	for _, v := range v.list() {
		kind, err := readKind(v)
		if err != nil {
			return err
		}
		s.End = append(s.End, kind)
	}
	return nil
}

func (s *Step) readLookups(v value) (err error) {
	if v.any == never {
		s.Lookups = -1
		return nil
	}
	const often = 100 * time.Millisecond
	if s.Lookups, err = v.duration(often); err != nil {
		return v.want(strconv.Quote(never) + " or a duration from " + often.String() + " in quotes")
	}
	return nil
}

func (s *Step) readFaults(v value) error {
	s.Faults = []testnet.Fault{}
	for _, v := range v.list() {
		text, err := v.text()
		if err != nil {
			return err
		}
		fault, err := testnet.ParseFault(text)
		if err != nil {
			return v.errorf("%w", err)
		}
		s.Faults = append(s.Faults, fault)
	}
	return nil
}

// readAccess reads the word for one of some kinds of access.
func readAccess(v value, of ...Access) (Access, error) {
	names := make([]string, 0, len(of))
	for _, a := range of {
		names = append(names, a.String())
	}
	i, err := v.oneOf(names)
	return of[i], err
}
