package dhtcore

import (
	"cmp"
	"errors"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/pseudonym"
)

// Masker makes Snapshots that can be given away: pseudonyms stand for the addresses, node IDs, info_hashes, tokens, names
// and trackers in them. Equal ones stay equal in all Snapshots of a Masker: see package pseudonym. It is for one goroutine.
type Masker struct {
	key   *pseudonym.Key
	plans map[reflect.Type]plan
	texts map[string]string

	names map[string]bool // that may be in texts
	named *strings.Replacer

	// What was masked of the last Snapshot, which most of the next one shares.
	last     *Snapshot
	was, now map[shared]reflect.Value
}

// maxTexts bounds the texts whose masked forms are remembered.
const maxTexts = 1 << 12

// shared is a part that two Snapshots may have in common.
type shared struct {
	at  uintptr
	n   int
	typ reflect.Type
}

// plan masks a value in its place; nil for values of a type that has nothing to mask. What the value points to is shared
// with the Snapshot that was seen, so that a plan replaces it.
type plan func(v reflect.Value)

// NewMasker returns a Masker with a key of its own, which nobody ever learns.
func NewMasker() *Masker {
	return &Masker{key: pseudonym.New(), plans: make(map[reflect.Type]plan), texts: make(map[string]string), names: make(map[string]bool)}
}

// Mask returns a masked copy of s.
func (m *Masker) Mask(s *Snapshot) *Snapshot {
	s = s.Portable()
	m.learn(s)
	m.was, m.now = m.now, make(map[shared]reflect.Value)
	masked := *s
	m.planOf(reflect.TypeFor[Snapshot]())(reflect.ValueOf(&masked).Elem())
	masked.Masked = true
	m.last, m.was = s, nil // as long as s is there, nothing else is where its parts are
	return &masked
}

// The names that are looked for in texts.
const (
	minName  = 4 // bytes; a shorter one may be anything
	maxNames = 1 << 13
)

// learn takes in the names of a Snapshot.
func (m *Masker) learn(s *Snapshot) {
	add := func(name string) {
		if len(name) < minName || m.names[name] {
			return
		}
		if len(m.names) >= maxNames {
			clear(m.names)
		}
		m.names[name], m.named = true, nil
	}
	for _, name := range s.Names {
		add(name)
	}
	for i := range s.Hashes.Top {
		add(s.Hashes.Top[i].Name)
	}
	if s.Watch != nil {
		for _, r := range s.Watch.Rows {
			add(r.Label)
			add(r.File)
		}
	}
	if s.Checkup.DataDir != "" {
		add(s.Checkup.DataDir)
	}
}

// withoutNames replaces the names in a text, the longest first as one may be a part of another.
func (m *Masker) withoutNames(text string) string {
	if m.named == nil {
		names := slices.SortedFunc(maps.Keys(m.names), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
		pairs := make([]string, 0, 2*len(names))
		for _, name := range names {
			pairs = append(pairs, name, m.key.Name("name", name))
		}
		m.named = strings.NewReplacer(pairs...)
	}
	return m.named.Replace(text)
}

// treat is how a field is masked that its type does not say enough of.
type treat uint8

const (
	asIs    treat = iota + 1 // our own words, or those of a program
	asEmpty                  // left out
	asTorrent
	asFile
	asLabel
	asTracker
)

// treats are those fields. Other texts lose what looks like an address, an ID, a URL or the name of a user.
var treats = map[string]treat{
	"HashRow.Name": asTorrent, "SwarmRow.Name": asTorrent, "Info.Name": asTorrent, "Snapshot.Names": asTorrent,
	"File.Path": asFile, "Entry.File": asFile, "Recording.Path": asFile, "Checkup.DataDir": asFile, "Disk.Path": asFile,
	"Entry.Label": asLabel, "Alert.Name": asLabel, "Item.Salt": asLabel,
	"Entry.Trackers": asTracker, "Result.URL": asTracker, "Result.Tracker": asTracker, "TrackerView.Known": asTracker,
	"HashRow.Sketch": asEmpty, // tells who is in it to those who ask for each address
	"Place.City":     asEmpty,

	"Client.Name": asIs, "ClientRow.Name": asIs, "ClientVersion.Version": asIs, "Node.Client": asIs, "Step.Client": asIs,
	"Source.Client": asIs, "SwarmPeer.Client": asIs, "Place.Country": asIs, "Place.Name": asIs, "Place.Org": asIs,
	"Packet.Payload": asIs, // see payload
	"Scenario.Name":  asIs, "Scenario.About": asIs, "LabState.Scenario": asIs, "LabState.Next": asIs, "HostCheck.Host": asIs, "WayOut.Device": asIs,
}

// planOf returns the plan for a type, made once.
func (m *Masker) planOf(t reflect.Type) plan {
	if p, ok := m.plans[t]; ok {
		return p
	}
	p := m.newPlan(t)
	m.plans[t] = p
	return p
}

func (m *Masker) newPlan(t reflect.Type) plan {
	switch t {
	case reflect.TypeFor[time.Time]():
		return nil
	case reflect.TypeFor[netip.Addr]():
		return value(m.key.Addr)
	case reflect.TypeFor[netip.AddrPort]():
		return value(m.key.AddrPort)
	case reflect.TypeFor[netip.Prefix]():
		return value(m.key.Prefix)
	case reflect.TypeFor[error]():
		return value(func(err error) error {
			if err == nil {
				return nil
			}
			return errors.New(m.text(err.Error()))
		})
	}
	switch t.Kind() {
	case reflect.String:
		return func(v reflect.Value) { v.SetString(m.text(v.String())) }
	case reflect.Struct:
		return m.structPlan(t)
	case reflect.Pointer:
		return m.pointerPlan(t)
	case reflect.Slice:
		if t.Elem() == reflect.TypeFor[byte]() {
			return func(v reflect.Value) { v.SetBytes(m.key.Bytes(v.Bytes())) }
		}
		return m.slicePlan(t)
	case reflect.Array:
		return m.arrayPlan(t)
	case reflect.Map:
		return m.mapPlan(t)
	}
	return nil
}

// value is the plan for a type whose values have pseudonyms.
func value[T any](of func(T) T) plan {
	return func(v reflect.Value) {
		p := v.Addr().Interface().(*T)
		*p = of(*p)
	}
}

func (m *Masker) arrayPlan(t reflect.Type) plan {
	if t.Elem() == reflect.TypeFor[byte]() {
		if t.Len() == len(ID{}) {
			return func(v reflect.Value) {
				p := m.key.ID([20]byte(v.Bytes()))
				copy(v.Bytes(), p[:])
			}
		}
		return func(v reflect.Value) { copy(v.Bytes(), m.key.Bytes(v.Bytes())) }
	}
	elem := m.planOf(t.Elem())
	if elem == nil {
		return nil
	}
	return func(v reflect.Value) {
		for i := range v.Len() {
			elem(v.Index(i))
		}
	}
}

func (m *Masker) structPlan(t reflect.Type) plan {
	type step struct {
		field int
		plan  plan
	}
	var steps []step
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		p := m.treatPlan(treats[t.Name()+"."+f.Name], f.Type)
		if p != nil {
			steps = append(steps, step{i, p})
		}
	}
	all := func(v reflect.Value) {
		for _, s := range steps {
			s.plan(v.Field(s.field))
		}
	}
	switch {
	case t == reflect.TypeFor[journal.Packet]():
		return func(v reflect.Value) {
			all(v)
			p := v.Addr().Interface().(*journal.Packet)
			p.Payload = m.payload(p.Payload)
		}
	case t == reflect.TypeFor[Event]():
		return func(v reflect.Value) {
			if e := v.Addr().Interface().(*Event); e.Kind == Named {
				e.Text = m.key.Name("torrent", e.Text)
			}
			all(v)
		}
	case len(steps) == 0:
		return nil
	}
	return all
}

// treatPlan is the plan for a field; how is 0 where its type says all.
func (m *Masker) treatPlan(how treat, t reflect.Type) plan {
	var of func(string) string
	switch how {
	case asIs:
		return nil
	case asEmpty:
		return func(v reflect.Value) { v.SetZero() }
	case asTorrent:
		of = func(s string) string { return m.key.Name("torrent", s) }
	case asFile:
		of = func(s string) string { return m.key.Name("file", s) }
	case asLabel:
		of = func(s string) string { return m.key.Name("entry", s) }
	case asTracker:
		of = m.key.URL
	default:
		return m.planOf(t)
	}
	texts := func(v reflect.Value) { v.SetString(of(v.String())) }
	switch {
	case t.Kind() == reflect.String:
		return texts
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.String:
		return m.mapOf(t, m.planOf(t.Key()), texts)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		return m.sliceOf(t, texts)
	}
	return m.planOf(t)
}

func (m *Masker) pointerPlan(t reflect.Type) plan {
	elem := m.planOf(t.Elem())
	if elem == nil {
		return nil
	}
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		v.Set(m.once(shared{v.Pointer(), 1, t}, func() reflect.Value {
			next := reflect.New(t.Elem())
			next.Elem().Set(v.Elem())
			elem(next.Elem())
			return next
		}))
	}
}

// once returns what was made of a part of this Snapshot or of the last one, or makes it.
func (m *Masker) once(part shared, make func() reflect.Value) reflect.Value {
	made, ok := m.now[part]
	if !ok {
		if made, ok = m.was[part]; !ok {
			made = make()
		}
		m.now[part] = made
	}
	return made
}

func (m *Masker) slicePlan(t reflect.Type) plan {
	elem := m.planOf(t.Elem())
	if elem == nil {
		return nil
	}
	return m.sliceOf(t, elem)
}

func (m *Masker) sliceOf(t reflect.Type, elem plan) plan {
	return func(v reflect.Value) {
		if v.Len() == 0 {
			return
		}
		v.Set(m.once(shared{v.Pointer(), v.Len(), t}, func() reflect.Value {
			next := reflect.MakeSlice(t, v.Len(), v.Len())
			reflect.Copy(next, v)
			for i := range next.Len() {
				elem(next.Index(i))
			}
			return next
		}))
	}
}

func (m *Masker) mapPlan(t reflect.Type) plan {
	key, elem := m.planOf(t.Key()), m.planOf(t.Elem())
	if key == nil && elem == nil {
		return nil
	}
	return m.mapOf(t, key, elem)
}

func (m *Masker) mapOf(t reflect.Type, key, elem plan) plan {
	return func(v reflect.Value) {
		if v.IsNil() {
			return
		}
		v.Set(m.once(shared{v.Pointer(), v.Len(), t}, func() reflect.Value {
			next := reflect.MakeMapWithSize(t, v.Len())
			for each := v.MapRange(); each.Next(); {
				next.SetMapIndex(apply(key, each.Key()), apply(elem, each.Value()))
			}
			return next
		}))
	}
}

// apply returns a masked copy of a value in a map.
func apply(p plan, v reflect.Value) reflect.Value {
	if p == nil {
		return v
	}
	next := reflect.New(v.Type()).Elem()
	next.Set(v)
	p(next)
	return next
}

// text masks a text, most of which come again and again.
func (m *Masker) text(s string) string {
	if s == "" {
		return ""
	}
	if masked, ok := m.texts[s]; ok {
		return masked
	}
	if len(m.texts) >= maxTexts {
		clear(m.texts)
	}
	masked := m.key.Text(m.withoutNames(s))
	m.texts[s] = masked
	return masked
}
