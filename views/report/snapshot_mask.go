package report

import (
	"net/netip"
	"reflect"
	"sync"

	"dhtop/dhtcore"
	"dhtop/dhtcore/mask"
	"dhtop/views/text"
)

// SnapshotMask makes copies of Snapshots in which addresses are networks, as MaskAddrs writes them, and our own IDs are
// zero, for those who are sent a whole Snapshot. Of what is not exported nothing is masked: it must not be sent. What two
// Snapshots share, their copies share too, so that little of them differs. mu guards what is below it.
type SnapshotMask struct {
	mu     sync.Mutex
	text   text.Mask // with our IDs
	walker *mask.Walker
	last   *dhtcore.Snapshot
	masked *dhtcore.Snapshot // the copy of last
}

// NewSnapshotMask returns a SnapshotMask of Snapshots of one Explorer.
func NewSnapshotMask() *SnapshotMask {
	m := &SnapshotMask{text: text.Mask{Privacy: text.Network}}
	m.walker = mask.New(mask.Rules{Type: m.rule})
	return m
}

// rule is how values of a type are masked.
func (m *SnapshotMask) rule(t reflect.Type) (p mask.Plan, known bool) {
	switch t {
	case reflect.TypeFor[netip.Addr]():
		return mask.Value(networkOf), true
	case reflect.TypeFor[netip.AddrPort]():
		return mask.Value(func(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(networkOf(a.Addr()), 0) }), true
	case reflect.TypeFor[netip.Prefix]():
		return mask.Value(prefixOf), true
	case reflect.TypeFor[error]():
		return mask.Error(m.text.Text), true
	case reflect.TypeFor[dhtcore.Packet]():
		parts := m.walker.Parts(t)
		return func(v reflect.Value) {
			packet := v.Addr().Interface().(*dhtcore.Packet)
			payload := m.payload(packet) // before its address goes, which may be in it
			parts(v)
			packet.Payload = payload
		}, true
	}
	switch id := reflect.TypeFor[dhtcore.ID](); {
	case t.Kind() == reflect.String:
		return mask.String(m.text.Text), true
	case t.Kind() == reflect.Array && t.ConvertibleTo(id):
		return func(v reflect.Value) {
			if m.text.Owns([20]byte(v.Bytes())) {
				v.SetZero()
			}
		}, true
	}
	return nil, false
}

// begin forgets what the Snapshots before s shared with none since.
func (m *SnapshotMask) begin(s *dhtcore.Snapshot) {
	m.walker.Next()
	known := len(m.text.Own)
	m.text.Addrs = nil
	for i := range s.Nodes {
		if !m.text.Owns(s.Nodes[i].ID) {
			m.text.Own = append(m.text.Own, s.Nodes[i].ID)
		}
		m.text.Addrs = append(m.text.Addrs, s.Nodes[i].Addr.Addr(), s.Nodes[i].External.Addr())
	}
	if len(m.text.Own) > known {
		m.walker.Forget() // the copies may tell of an ID that is ours now
	}
}

// Snapshot returns the copy of a Snapshot, the same each time for the same one.
func (m *SnapshotMask) Snapshot(s *dhtcore.Snapshot) *dhtcore.Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s != m.last {
		m.begin(s)
		m.last, m.masked = s, mask.Copy(m.walker, s)
	}
	return m.masked
}

// Masked returns the copy of a part of the last Snapshot, or of what is made of such parts.
func Masked[T any](m *SnapshotMask, v *T) *T {
	m.mu.Lock()
	defer m.mu.Unlock()
	return mask.Copy(m.walker, v)
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
