package udp

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// failing is a socket whose reads fail with these errors in turn, and then succeed.
type failing struct {
	Conn
	errs []error
}

func (f *failing) ReadBatch([]Packet) (int, error) {
	if len(f.errs) == 0 {
		return 1, nil
	}
	err := f.errs[0]
	f.errs = f.errs[1:]
	return 0, err
}

func TestReadPassesTheErrorsOfTheNetworkWithAPauseAndEndsWithTheSocket(t *testing.T) {
	icmp := errors.New("connection refused")
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		n, err := Read(t.Context(), &failing{errs: []error{icmp, icmp}}, nil)
		if took := time.Since(began); n != 1 || err != nil || took != 4*time.Millisecond {
			t.Errorf("%d, %v after %s", n, err, took)
		}
		if _, err := Read(t.Context(), &failing{errs: []error{icmp, net.ErrClosed}}, nil); !errors.Is(err, net.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		many := make([]error, 100)
		for i := range many {
			many[i] = icmp
		}
		if _, err := Read(ctx, &failing{errs: many}, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("at the end: %v", err)
		}
	})
}
