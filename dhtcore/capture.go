package dhtcore

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

// CaptureSummary is what there is in a capture.
type CaptureSummary struct {
	Ours        []netip.AddrPort // what is taken for this node: its addresses, as Snapshot.Nodes has them
	Guessed     bool             // from the packets
	First, Last time.Time        // messages of ours

	Messages uint64 // of KRPC
	Foreign  uint64 // of them, between others
	Short    uint64 // datagrams that look like messages, of which the capture lacks the end
	Other    uint64 // datagrams that are no message
	File     pcapng.Counts
}

// ReadCapture turns what somebody captured into Snapshots: one a second of the captured time, fewer in a capture of hours, more
// where one has no room for all packets. They are what a node of ours would have shown that sent and received the same messages.
// ours is its address; the zero value has it guessed, one without a port leaves that to be guessed. The file is read twice.
// Errors are those of reading, of each, of ctx, and of a capture without a message.
func ReadCapture(ctx context.Context, file io.ReadSeeker, ours netip.AddrPort, each func(*Snapshot) error) (CaptureSummary, error) {
	sum := CaptureSummary{Guessed: ours.Port() == 0}
	ends := newEndpoints()
	err := sum.eachMessage(ctx, file, func(d *pcapng.Datagram, m *wire.Message) error {
		ends.add(d, m)
		return nil
	})
	if err != nil {
		return sum, err
	}
	chosen := ends.ours(ours)
	if len(chosen) == 0 {
		return sum, sum.nothing(ours)
	}
	for _, e := range chosen {
		sum.Ours = append(sum.Ours, e.addr)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return sum, err
	}
	all := CaptureSummary{Ours: sum.Ours, Guessed: sum.Guessed}
	player := newCapturePlayer(chosen, ends.first, ends.last, all.notices, each)
	err = all.eachMessage(ctx, file, func(d *pcapng.Datagram, m *wire.Message) error {
		if !player.node.concerns(d) {
			all.Foreign++
			return nil
		}
		if all.First.IsZero() {
			all.First = d.At
		}
		all.Last = d.At
		return player.play(d, m)
	})
	if err == nil {
		err = player.end()
	}
	return all, err
}

// eachMessage reads the file and hands over its messages.
func (c *CaptureSummary) eachMessage(ctx context.Context, file io.Reader, each func(*pcapng.Datagram, *wire.Message) error) error {
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
func (c *CaptureSummary) nothing(ours netip.AddrPort) error {
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

// notices say what the Snapshots are made of, as far as the capture was read.
func (c *CaptureSummary) notices() (notices []string) {
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
