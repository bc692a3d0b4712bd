package console

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAfterASignalAllWritesShareOneWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got bytes.Buffer
		slow := slowWriter(func(b []byte) (int, error) {
			time.Sleep(lastWait / 4 * 3)
			return got.Write(b)
		})
		ctx, signal := context.WithCancel(t.Context())
		p := newDeadlineWriter(ctx.Done(), slow)
		for range 3 {
			if n, err := p.Write([]byte("before ")); n != 7 || err != nil {
				t.Fatalf("without a signal: %d, %v", n, err)
			}
		}
		signal()
		signalled := time.Now()
		if _, err := p.Write([]byte("after")); err != nil {
			t.Errorf("the first write after the signal: %v", err)
		}
		text := got.String()
		for range 3 {
			if _, err := p.Write([]byte("lost")); !errors.Is(err, errStalled) {
				t.Errorf("the wait is over, and yet: %v", err)
			}
		}
		if took := time.Since(signalled); took != lastWait {
			t.Errorf("waited %s after the signal", took)
		}
		if text != "before before before after" {
			t.Errorf("wrote %q", text)
		}
		synctest.Wait()
		time.Sleep(lastWait) // until the one that was given up has ended
	})
}

type slowWriter func(b []byte) (int, error)

func (f slowWriter) Write(b []byte) (int, error) { return f(b) }
