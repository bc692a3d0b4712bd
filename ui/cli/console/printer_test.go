package console

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"testing/synctest"
)

func TestALookupDoesNotWaitForTheReaderButItsWorkerDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, to := io.Pipe()
		p := StartPrinter(NewOutput(to), func() { t.Error("it failed") })
		var last <-chan struct{}
		for i := range 1000 {
			last = p.Print(func(w io.Writer) error { _, err := fmt.Fprintln(w, i); return err })
		}
		synctest.Wait()
		select {
		case <-last:
			t.Fatal("nobody has read it, and yet the worker goes on")
		default:
		}
		var want, got bytes.Buffer
		for i := range 1000 {
			fmt.Fprintln(&want, i)
		}
		read := make(chan struct{})
		go func() { defer close(read); io.Copy(&got, in) }() //nolint:errcheck // what was read tells
		<-last
		err := p.Close()
		to.Close()
		<-read
		if err != nil || got.String() != want.String() {
			t.Errorf("%v; %d of %d bytes, or in another order", err, got.Len(), want.Len())
		}
	})
}

func TestAReaderThatHasGoneEndsTheLookups(t *testing.T) {
	in, to := io.Pipe()
	in.Close()
	failed := make(chan struct{})
	p := StartPrinter(NewOutput(to), sync.OnceFunc(func() { close(failed) }))
	<-p.Print(func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err })
	<-failed
	<-p.Print(func(w io.Writer) error { _, err := io.WriteString(w, "y"); return err })
	if err := p.Close(); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}
