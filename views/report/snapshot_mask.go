package report

import (
	"errors"
	"net/netip"
	"reflect"
	"sync"

	"dhtop/dhtcore"
	"dhtop/views/text"
)

// SnapshotMask makes copies of Snapshots in which addresses are networks, as MaskAddrs writes them, and our own IDs are
// zero, for those who are sent a whole Snapshot. Of what is not exported nothing is masked: it must not be sent. What two Snapshots share, their copies share too, so that little of them differs. mu guards what is
// below it.
type SnapshotMask struct {
	mu     sync.Mutex
	text   text.Mask                // with our IDs
	copies map[shared]reflect.Value // made for the last Snapshot, or looked at for it
	older  map[shared]reflect.Value
	last   *dhtcore.Snapshot
}

// shared is what Snapshots share: what a pointer points to, or the rows of a slice. It keeps them in memory.
type shared struct {
	of any // a pointer to the first of them
	n  int // of a slice
}

// NewSnapshotMask returns a SnapshotMask of Snapshots of one Explorer.
func NewSnapshotMask() *SnapshotMask {
	return &SnapshotMask{text: text.Mask{Privacy: text.Network}, copies: map[shared]reflect.Value{}}
}

// begin forgets what the Snapshots before s shared with none since.
func (m *SnapshotMask) begin(s *dhtcore.Snapshot) {
	m.older, m.copies, m.last = m.copies, make(map[shared]reflect.Value, len(m.copies)), s
	known := len(m.text.Own)
	m.text.Addrs = nil
	for i := range s.Nodes {
		if !m.text.Owns(s.Nodes[i].ID) {
			m.text.Own = append(m.text.Own, s.Nodes[i].ID)
		}
		m.text.Addrs = append(m.text.Addrs, s.Nodes[i].Addr.Addr(), s.Nodes[i].External.Addr())
	}
	if len(m.text.Own) > known {
		m.older = nil // they may tell of an ID that is ours now
	}
}

// Snapshot returns the copy of a Snapshot, the same each time for the same one.
func (m *SnapshotMask) Snapshot(s *dhtcore.Snapshot) *dhtcore.Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s != m.last {
		m.begin(s)
	}
	return m.pointer(reflect.ValueOf(s)).Interface().(*dhtcore.Snapshot)
}

// Masked returns the copy of a part of the last Snapshot, or of what is made of such parts.
func Masked[T any](m *SnapshotMask, v *T) *T {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := reflect.New(reflect.TypeFor[T]())
	out.Elem().Set(m.value(reflect.ValueOf(v).Elem()))
	return out.Interface().(*T)
}

var (
	addrType     = reflect.TypeFor[netip.Addr]()
	addrPortType = reflect.TypeFor[netip.AddrPort]()
	prefixType   = reflect.TypeFor[netip.Prefix]()
	idType       = reflect.TypeFor[dhtcore.ID]()
	errorType    = reflect.TypeFor[error]()
)

// value returns the copy of any part. mu is held, as for what it calls.
func (m *SnapshotMask) value(v reflect.Value) reflect.Value {
	switch t := v.Type(); {
	case t == addrType:
		return reflect.ValueOf(networkOf(v.Interface().(netip.Addr)))
	case t == addrPortType:
		return reflect.ValueOf(netip.AddrPortFrom(networkOf(v.Interface().(netip.AddrPort).Addr()), 0))
	case t == prefixType:
		return reflect.ValueOf(prefixOf(v.Interface().(netip.Prefix)))
	case t == errorType:
		if v.IsNil() {
			return v
		}
		out := reflect.New(t).Elem()
		out.Set(reflect.ValueOf(errors.New(m.text.Text(v.Interface().(error).Error()))))
		return out
	case v.Kind() == reflect.Array && t.ConvertibleTo(idType):
		if m.text.Owns(v.Convert(idType).Interface().(dhtcore.ID)) {
			return reflect.Zero(t)
		}
		return v
	}
	switch v.Kind() {
	case reflect.String:
		return reflect.ValueOf(m.text.Text(v.String())).Convert(v.Type())
	case reflect.Pointer:
		return m.pointer(v)
	case reflect.Slice:
		return m.slice(v)
	case reflect.Array, reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		m.fill(out)
		return out
	case reflect.Map:
		return m.dictionary(v)
	default:
		return v
	}
}

// fill masks the parts of an array or a struct that is a copy.
func (m *SnapshotMask) fill(out reflect.Value) {
	if out.Kind() == reflect.Array {
		if !scalar(out.Type().Elem()) {
			for i := range out.Len() {
				out.Index(i).Set(m.value(out.Index(i)))
			}
		}
		return
	}
	for i := range out.NumField() {
		if f := out.Field(i); out.Type().Field(i).IsExported() && !scalar(f.Type()) {
			f.Set(m.value(f))
		}
	}
}

// scalar reports whether values of a type tell nothing.
func scalar(t reflect.Type) bool { return t.Kind() <= reflect.Complex128 }

// pointer returns a pointer to the copy of what v points to.
func (m *SnapshotMask) pointer(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	return m.once(shared{of: v.Interface()}, func() reflect.Value {
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(m.value(v.Elem()))
		if p, ok := reflect.TypeAssert[*dhtcore.Packet](v); ok {
			out.Interface().(*dhtcore.Packet).Payload = m.payload(p)
		}
		return out
	})
}

// slice returns the copy of a slice.
func (m *SnapshotMask) slice(v reflect.Value) reflect.Value {
	if v.Len() == 0 || scalar(v.Type().Elem()) {
		return v
	}
	return m.once(shared{of: v.Index(0).Addr().Interface(), n: v.Len()}, func() reflect.Value {
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(m.value(v.Index(i)))
		}
		return out
	})
}

func (m *SnapshotMask) dictionary(v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	out := reflect.MakeMapWithSize(v.Type(), v.Len())
	for each := v.MapRange(); each.Next(); {
		out.SetMapIndex(m.value(each.Key()), m.value(each.Value()))
	}
	return out
}

// once returns the copy of what Snapshots share.
func (m *SnapshotMask) once(key shared, made func() reflect.Value) reflect.Value {
	out, known := m.copies[key]
	if !known {
		if out, known = m.older[key]; !known {
			out = made()
		}
		m.copies[key] = out
	}
	return out
}

// payload returns the bytes of a packet, with zeros in the place of those that are hidden.
func (m *SnapshotMask) payload(p *dhtcore.Packet) []byte {
	out := make([]byte, len(p.Payload))
	hidden := text.HiddenBytes(p, p.Explain(), &m.text)
	for i := range out {
		if !hidden[i] {
			out[i] = p.Payload[i]
		}
	}
	return out
}

// The prefixes of networks that may be told: see text.Network.
const (
	networkBits4 = 24
	networkBits6 = 48
)

// networkOf returns the first address of the network of a.
func networkOf(a netip.Addr) netip.Addr {
	if !a.IsValid() {
		return a
	}
	a = a.Unmap().WithZone("")
	p, err := a.Prefix(map[bool]int{true: networkBits4, false: networkBits6}[a.Is4()])
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr()
}

// prefixOf returns a network, or the larger one of it that may be told.
func prefixOf(p netip.Prefix) netip.Prefix {
	if !p.IsValid() {
		return p
	}
	a := networkOf(p.Addr())
	bits := networkBits6
	if a.Is4() {
		bits = networkBits4
	}
	return netip.PrefixFrom(a, min(p.Bits(), bits))
}
