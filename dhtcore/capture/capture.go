// Package capture follows what a node does in what somebody captured of it: its counts, its routing tables, the hashes and the
// lookups, out of the packets alone. dhtcore turns captures into recordings with it. All of it is for one goroutine.
package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/wire"
)

// Summary is what there is in a capture.
type Summary struct {
	Ours        []netip.AddrPort // what is taken for this node: its addresses, as Snapshot.Nodes has them
	Guessed     bool             // from the packets
	First, Last time.Time        // messages of ours

	Messages uint64 // of KRPC
	Foreign  uint64 // of them, between others
	Short    uint64 // datagrams that look like messages, of which the capture lacks the end
	Other    uint64 // datagrams that are no message
	File     pcapng.Counts
}

// Capture is a capture that has been read once, to see who is in it. Its Summary is of what was read so far.
type Capture struct {
	Summary
	Began, Ended time.Time // the first and the last message of anybody
	Node         *Node

	file io.ReadSeeker
}

// Open reads a capture through. ours is the address of our node; the zero value has it guessed, one without a port leaves that
// to be guessed. After an error, which may be that of ctx, of reading or of a capture without a message, the Summary says what
// was found.
func Open(ctx context.Context, file io.ReadSeeker, ours netip.AddrPort) (*Capture, error) {
	c := &Capture{Summary: Summary{Guessed: ours.Port() == 0}, file: file}
	ends := newEndpoints()
	err := c.eachMessage(ctx, file, func(d *pcapng.Datagram, m *wire.Message) error {
		ends.add(d, m)
		return nil
	})
	if err != nil {
		return c, err
	}
	chosen := ends.ours(ours)
	if len(chosen) == 0 {
		return c, c.nothing(ours)
	}
	for _, e := range chosen {
		c.Ours = append(c.Ours, e.addr)
	}
	c.Began, c.Ended = ends.first, ends.last
	c.Node = newNode(chosen, ends.first)
	return c, nil
}

// Play reads the capture again and hands over the messages of our node, which each may let it Take. The Summary begins anew.
func (c *Capture) Play(ctx context.Context, each func(*pcapng.Datagram, *wire.Message) error) error {
	if _, err := c.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	c.Summary = Summary{Ours: c.Ours, Guessed: c.Guessed}
	return c.eachMessage(ctx, c.file, func(d *pcapng.Datagram, m *wire.Message) error {
		if !c.Node.concerns(d) {
			c.Foreign++
			return nil
		}
		if c.First.IsZero() {
			c.First = d.At
		}
		c.Last = d.At
		return each(d, m)
	})
}

// eachMessage reads the file and hands over its messages.
func (c *Summary) eachMessage(ctx context.Context, file io.Reader, each func(*pcapng.Datagram, *wire.Message) error) error {
	r, err := pcapng.NewReader(file)
	if err != nil {
		return err
	}
	var m wire.Message
	for {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		d, err := r.Next()
		c.File = r.Counts()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case !looksLikeKRPC(d.Payload):
			c.Other++
			continue
		case wire.Scan(d.Payload, &m) != nil || m.Kind == wire.NoKind || len(m.TID) == 0:
			if len(d.Payload) < d.Size {
				c.Short++
			} else {
				c.Other++
			}
			continue
		}
		c.Messages++
		if err := each(d, &m); err != nil {
			return err
		}
	}
}

// looksLikeKRPC reports whether b begins as a bencoded dictionary with keys.
func looksLikeKRPC(b []byte) bool { return len(b) > 4 && b[0] == 'd' && b[1] >= '1' && b[1] <= '9' }

// nothing is the error of a capture without a message of ours.
func (c *Summary) nothing(ours netip.AddrPort) error {
	who := ours.String()
	if ours.Port() == 0 {
		who = ours.Addr().String()
	}
	switch {
	case c.Messages > 0:
		return fmt.Errorf("none of the %s in this capture is from or to %s: name another address", human.Amount(int(c.Messages), "message", "messages"), who)
	case c.Short > 0:
		return fmt.Errorf("all %s in this capture are cut short: capture them anew in whole, with tcpdump -s 0",
			human.Amount(int(c.Short), "message", "messages"))
	case c.File.Datagrams > 0:
		return fmt.Errorf("none of the %s in this capture is a message of the DHT", human.Amount(int(c.File.Datagrams), "UDP datagram", "UDP datagrams"))
	}
	return fmt.Errorf("there is no UDP datagram among the %s of this capture: capture with tcpdump -i any -w FILE udp",
		human.Amount(int(c.File.Packets), "packet", "packets"))
}

// Notices say what is shown, as far as the capture was read.
func (c *Summary) Notices() (notices []string) {
	say := func(format string, a ...any) { notices = append(notices, fmt.Sprintf(format, a...)) }
	var ours []string
	for _, addr := range c.Ours {
		ours = append(ours, addr.String())
	}
	guess := ""
	if c.Guessed {
		guess = " (guessed: --self names another node)"
	}
	say("This is a capture of %s%s.", strings.Join(ours, " and "), guess)
	for _, left := range [...]struct {
		n    uint64
		what string
	}{
		{c.Foreign, "between others"}, {c.Short, "cut short by the capture (tcpdump -s 0 takes all)"},
		{c.File.Fragments, "in fragments"}, {c.File.Cut + c.File.Malformed, "without whole headers"},
	} {
		if left.n > 0 {
			say("Left out: %s %s.", human.Amount(int(left.n), "packet", "packets"), left.what)
		}
	}
	if c.File.Gaps > 0 {
		say("The capture is damaged in %s.", human.Amount(int(c.File.Gaps), "place", "places"))
	}
	if c.File.Truncated {
		say("The capture ends within a packet.")
	}
	return notices
}
