package dhtcore

import (
	"net/netip"
	"reflect"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/mask"
	"dhtop/dhtcore/pseudonym"
)

// Masker makes Snapshots that can be given away: pseudonyms stand for the addresses, node IDs, info_hashes, tokens, names
// and trackers in them. Equal ones stay equal in all Snapshots of a Masker: see package pseudonym. Countries and network
// operators stay, as the networks of screens that are masked tell them, too; cities go. It is for one goroutine.
type Masker struct {
	key    *pseudonym.Key
	texts  *pseudonym.Texts
	walker *mask.Walker
}

// NewMasker returns a Masker with a key of its own, which nobody ever learns.
func NewMasker() *Masker {
	m := &Masker{key: pseudonym.New()}
	m.texts = pseudonym.NewTexts(m.key)
	m.walker = mask.New(mask.Rules{Type: m.rule, Field: m.fieldRule})
	return m
}

// Mask returns a masked copy of s.
func (m *Masker) Mask(s *Snapshot) *Snapshot {
	s = s.Portable()
	m.learn(s)
	m.walker.Next()
	masked := mask.Copy(m.walker, s)
	masked.Masked = true
	m.walker.Forget()
	return masked
}

// learn takes in the names of a Snapshot.
func (m *Masker) learn(s *Snapshot) {
	for _, name := range s.Names {
		m.texts.Learn(name)
	}
	for i := range s.Hashes.Top {
		m.texts.Learn(s.Hashes.Top[i].Name)
	}
	if s.Watch != nil {
		for _, r := range s.Watch.Rows {
			m.texts.Learn(r.Label)
			m.texts.Learn(r.File)
		}
	}
	m.texts.Learn(s.Checkup.DataDir)
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
	"Packet.Payload": asIs, // see rule
	"Scenario.Name":  asIs, "Scenario.About": asIs, "State.Scenario": asIs, "State.Next": asIs, "HostCheck.Host": asIs, "WayOut.Device": asIs,
}

// rule is how values of a type are masked.
func (m *Masker) rule(t reflect.Type) (p mask.Plan, known bool) {
	switch t {
	case reflect.TypeFor[time.Time]():
		return nil, true
	case reflect.TypeFor[netip.Addr]():
		return mask.Value(m.key.Addr), true
	case reflect.TypeFor[netip.AddrPort]():
		return mask.Value(m.key.AddrPort), true
	case reflect.TypeFor[netip.Prefix]():
		return mask.Value(m.key.Prefix), true
	case reflect.TypeFor[error]():
		return mask.Error(m.texts.Mask), true
	case reflect.TypeFor[journal.Packet]():
		parts := m.walker.Parts(t)
		return func(v reflect.Value) {
			parts(v)
			p := v.Addr().Interface().(*journal.Packet)
			p.Payload = m.key.Packet(p.Payload, m.texts.Mask)
		}, true
	case reflect.TypeFor[Event]():
		parts := m.walker.Parts(t)
		return func(v reflect.Value) {
			if e := v.Addr().Interface().(*Event); e.Kind == Named {
				e.Text = m.key.Name("torrent", e.Text)
			}
			parts(v)
		}, true
	}
	switch isBytes := t.Kind() == reflect.Slice || t.Kind() == reflect.Array; {
	case t.Kind() == reflect.String:
		return mask.String(m.texts.Mask), true
	case isBytes && t.Elem() == reflect.TypeFor[byte]():
		return m.bytesPlan(t), true
	}
	return nil, false
}

// bytesPlan is the plan for a slice or an array of bytes.
func (m *Masker) bytesPlan(t reflect.Type) mask.Plan {
	switch {
	case t.Kind() == reflect.Slice:
		return func(v reflect.Value) { v.SetBytes(m.key.Bytes(v.Bytes())) }
	case t.Len() == len(ID{}):
		return func(v reflect.Value) {
			p := m.key.ID([20]byte(v.Bytes()))
			copy(v.Bytes(), p[:])
		}
	}
	return func(v reflect.Value) { copy(v.Bytes(), m.key.Bytes(v.Bytes())) }
}

// fieldRule is how a field is masked of which treats says more than its type.
func (m *Masker) fieldRule(owner reflect.Type, f reflect.StructField) (p mask.Plan, known bool) {
	var of func(string) string
	switch treats[owner.Name()+"."+f.Name] {
	case asIs:
		return nil, true
	case asEmpty:
		return func(v reflect.Value) { v.SetZero() }, true
	case asTorrent:
		of = func(s string) string { return m.key.Name("torrent", s) }
	case asFile:
		of = func(s string) string { return m.key.Name("file", s) }
	case asLabel:
		of = func(s string) string { return m.key.Name("entry", s) }
	case asTracker:
		of = m.key.URL
	default:
		return nil, false
	}
	return m.walker.Strings(f.Type, of)
}
