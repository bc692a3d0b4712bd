package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/dhtcore/wire"
	"dhtop/ui/cli/exit"
	"dhtop/views/report"
)

func TestAPutThatFailsSaysWhy(t *testing.T) {
	for _, c := range []struct {
		stored int
		err    error
		says   string
	}{
		{8, nil, ""},
		{3, context.DeadlineExceeded, ""}, // the document says at how many
		{0, nil, "no node stored the item"},
		{0, context.DeadlineExceeded, "pass a longer --timeout"},
		{0, errors.New("the signature is wrong"), "no node stored the item: the signature is wrong"},
		{0, fmt.Errorf("%w: with sequence number 7", dhtcore.ErrNewer), "with sequence number 7: pass a higher --seq"},
		{0, dhtcore.ErrConflict, "pass --cas"},
	} {
		if got := putFailure(&report.Storing{Stored: c.stored}, c.err); !strings.Contains(got, c.says) || (got == "") != (c.says == "") {
			t.Errorf("%d nodes, %v: said %q, want %q", c.stored, c.err, got, c.says)
		}
	}
	tooBig, silent := (&wire.Error{Code: 205, Text: "too big"}).Error(), "no reply in time"
	at := report.Storing{Nodes: []report.Receipt{{Error: &silent}, {Error: &tooBig}, {Error: &tooBig}}}
	if got, want := putFailure(&at, nil), `no node stored the item: the value is too big (error 205, "too big"): store at most 1000 bytes, bencoded`; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	code, _, stderr := dhtop(t, "", strings.Fields("put x --timeout 100ms --bind 127.0.0.1 --port 0 --bootstrap none --store none")...)
	if code != exit.Nothing || !strings.Contains(stderr, "in time: pass a longer --timeout") {
		t.Errorf("exit code %d, said %q", code, stderr)
	}
}
