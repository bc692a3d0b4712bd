package udp

import (
	"context"
	"errors"
	"net"
	"time"
)

// Read reads a batch from c as Conn.ReadBatch does. It returns net.ErrClosed, or the error of ctx once that has ended
// and the reading failed. Other errors are the network's, such as an ICMP message in reply, and pass: a pause after
// each keeps a broken socket from taking all of the processor.
func Read(ctx context.Context, c Conn, ps []Packet) (int, error) {
	for pause := time.Duration(0); ; {
		n, err := c.ReadBatch(ps)
		switch {
		case err == nil:
			return n, nil
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case errors.Is(err, net.ErrClosed):
			return 0, err
		}
		pause = min(pause*2+time.Millisecond, time.Second)
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(pause):
		}
	}
}
