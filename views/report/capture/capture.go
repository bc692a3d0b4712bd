package capture

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"dhtop/dhtcore"
	"dhtop/dhtcore/pcapng"
	"dhtop/views/report"
	"dhtop/views/text"
)

// Writer writes packets as a capture that Wireshark opens (pcapng): raw IP, one interface for each identity of ours, their
// direction, and a comment that says why each was sent. Addresses of ours that are not known are unspecified ones.
type Writer struct {
	out     *bufio.Writer
	w       *pcapng.Writer
	o       report.Options
	masked  *maskedAddrs // nil for whole addresses
	n, ours int          // packets, and interfaces

	of     *dhtcore.Snapshot // the last one
	causes *dhtcore.PacketCauses
}

const maskedCaptureComment = "Addresses are masked: their networks are true (/24, of IPv6 /48), hosts and ports are numbers in the order of this file. " +
	"What may hold an address in a message is overwritten with zeros."

// NewWriter begins a capture. Close it.
func NewWriter(w io.Writer, o report.Options) (*Writer, error) {
	c := &Writer{out: bufio.NewWriterSize(w, 1<<16), o: o}
	comment := ""
	if o.Masking() != nil {
		comment, c.masked = maskedCaptureComment, newMaskedAddrs()
	}
	var err error
	c.w, err = pcapng.NewWriter(c.out, "dhtop", comment)
	return c, err
}

// Add appends a packet, which the Snapshot tells the cause of. Packets are to come in the order of time.
func (c *Writer) Add(s *dhtcore.Snapshot, p *dhtcore.Packet) error {
	if c.of != s {
		c.of, c.causes = s, dhtcore.CausesIn(s)
	}
	for ; c.ours <= p.Vantage; c.ours++ {
		if err := c.w.AddInterface(c.vantage(s, c.ours)); err != nil {
			return err
		}
	}
	d := pcapng.Datagram{At: p.At, Way: pcapng.Inbound, Interface: p.Vantage, From: c.addr(p.Addr), To: c.addr(ownAddr(s, p)),
		Size: p.Size, Payload: c.payload(s, p), Comment: c.comment(s, p)}
	if p.Way == dhtcore.Out {
		d.Way, d.From, d.To = pcapng.Outbound, d.To, d.From
	}
	if err := c.w.Write(&d); err != nil {
		return err
	}
	c.n++
	return nil
}

// Packets is how many were added.
func (c *Writer) Packets() int { return c.n }

// Close writes what is left. The writer belongs to the caller.
func (c *Writer) Close() error { return c.out.Flush() }

// Write writes packets, the newest of which is the first, as a capture.
func Write(w io.Writer, s *dhtcore.Snapshot, packets []*dhtcore.Packet, o report.Options) error {
	c, err := NewWriter(w, o)
	if err != nil {
		return err
	}
	for _, p := range slices.Backward(packets) {
		if err := c.Add(s, p); err != nil {
			return err
		}
	}
	return c.Close()
}

// vantage describes an identity of ours.
func (c *Writer) vantage(s *dhtcore.Snapshot, i int) pcapng.Interface {
	face := pcapng.Interface{Name: fmt.Sprintf("vantage %d", i+1)}
	if i < len(s.Nodes) {
		face.Description = c.o.Identity(s.Nodes[i].ID, s.Nodes[i].Addr)
	}
	return face
}

// ownAddr is the address of ours that a packet went from or to: where we are bound, else where others see us.
func ownAddr(s *dhtcore.Snapshot, p *dhtcore.Packet) netip.AddrPort {
	six := p.Addr.Addr().Unmap().Is6()
	port := s.Port()
	if p.Vantage < len(s.Nodes) {
		n := &s.Nodes[p.Vantage]
		for _, a := range [...]netip.AddrPort{n.Addr, n.External} {
			if ip := a.Addr().Unmap(); ip.IsValid() && !ip.IsUnspecified() && ip.Is6() == six {
				return netip.AddrPortFrom(ip, a.Port())
			}
		}
		port = n.Addr.Port()
	}
	if six {
		return netip.AddrPortFrom(netip.IPv6Unspecified(), port)
	}
	return netip.AddrPortFrom(netip.IPv4Unspecified(), port)
}

func (c *Writer) addr(a netip.AddrPort) netip.AddrPort {
	a = netip.AddrPortFrom(a.Addr().Unmap().WithZone(""), a.Port())
	if c.masked != nil {
		return c.masked.of(a)
	}
	return a
}

// told writes an address into a comment, as it stands in the headers.
func (c *Writer) told(a netip.AddrPort) string { return c.addr(a).String() }

// payload is the payload of a packet, without what is hidden of it.
func (c *Writer) payload(s *dhtcore.Snapshot, p *dhtcore.Packet) []byte {
	if c.masked == nil {
		return p.Payload
	}
	mask := c.o.Masking()
	if c.o.Mask == nil { // --mask-ips knows no IDs
		mask = ownMask(s, p, mask.Privacy)
	}
	return blank(slices.Clone(p.Payload), text.HiddenBytes(p, p.Explain(), mask))
}

// ownMask hides addresses, and our own with our IDs.
func ownMask(s *dhtcore.Snapshot, p *dhtcore.Packet, privacy text.Privacy) *text.Mask {
	m := &text.Mask{Privacy: privacy, Own: [][20]byte{p.Self}}
	for i := range s.Nodes {
		m.Own = append(m.Own, s.Nodes[i].ID)
		m.Addrs = append(m.Addrs, s.Nodes[i].Addr.Addr(), s.Nodes[i].External.Addr())
	}
	return m
}
