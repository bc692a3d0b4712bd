package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/input"
	"dhtop/views/report"
)

// putAndStay puts an item and keeps it.
func (c *invocation) putAndStay(it *dhtcore.Item, sign func(*dhtcore.Item), cfg dhtcore.RepublisherConfig) error {
	s, err := c.stay(stayItems, cfg, func(_ context.Context, s *stayer) { s.published.KeepItem(it, sign) })
	if err != nil {
		return err
	}
	return s.verdict()
}

// putMany puts the items that the lines of a file name: once, or again and again.
func (c *invocation) putMany(path string, cfg dhtcore.RepublisherConfig) error {
	in := c.std.In
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("--file %s: %w", path, human.Cause(err))
		}
		defer file.Close() //nolint:errcheck // it was read
		in = file
	}
	s, err := c.stay(stayItems, cfg, func(ctx context.Context, s *stayer) {
		s.document = func(r *dhtcore.Renewal) report.Document {
			if r.Item == nil {
				return nil // it was not found
			}
			p := report.NewPut(&r.Lookup, r.Item, s.Options)
			p.SetExternal(s.Snapshot().Nodes, s.Options)
			return &p
		}
		s.feedItems(ctx, itemLines(ctx, in))
	})
	if err != nil {
		return err
	}
	return s.verdict()
}

// feedItems adds what the lines name until there are no more, or ctx ends.
func (s *stayer) feedItems(ctx context.Context, lines <-chan itemLine) {
	known := map[dhtcore.ID]bool{}
	for {
		select {
		case line, ok := <-lines:
			switch {
			case !ok:
				return
			case line.err != nil:
				s.reportBad(line.number, line.err, line.reason())
			case known[line.target]:
			case s.full():
				return
			default:
				known[line.target] = true
				line.keep(s.published)
			}
		case <-ctx.Done():
			return
		}
	}
}

// itemLine is a line that names an item, or why it names none.
type itemLine struct {
	number int // from 1; 0 for the input itself
	target dhtcore.ID
	salt   []byte
	item   *dhtcore.Item // nil for one that has still to be found
	err    error
}

func (l *itemLine) reason() error {
	if l.number == 0 {
		return l.err
	}
	return fmt.Errorf("line %d of the input: %w", l.number, l.err)
}

// keep adds the item to those that are kept.
func (l *itemLine) keep(p *dhtcore.Republisher) {
	if l.item != nil {
		p.KeepItem(l.item, nil)
	} else {
		p.KeepTarget(l.target, l.salt)
	}
}

// itemLines reads the lines of in, in a goroutine that may wait for a keyboard, until ctx ends.
func itemLines(ctx context.Context, in io.Reader) <-chan itemLine {
	to := make(chan itemLine)
	go func() {
		defer close(to)
		input.EachLine(ctx, in, func(n int, text string, err error) {
			line := itemLine{number: n, err: err}
			if err == nil {
				line.parse(text)
			}
			select {
			case to <- line:
			case <-ctx.Done():
			}
		})
	}()
	return to
}

// errItemLine is wrapped by the errors of lines.
var errItemLine = errors.New("want a target as \"dhtop get\" takes it, or a line of \"dhtop get --ndjson\"")

// parse parses a line.
func (l *itemLine) parse(text string) {
	if !strings.HasPrefix(text, "{") {
		l.target, l.salt, l.err = input.ParseTarget(text, "")
		return
	}
	var doc report.Item
	if err := json.Unmarshal([]byte(text), &doc); err != nil || doc.ValueHex == nil {
		l.err = fmt.Errorf("it holds no item: %w", errItemLine)
		return
	}
	it := &dhtcore.Item{Value: doc.ValueHex, Key: doc.Key, Salt: doc.SaltHex, Sig: doc.Sig}
	if doc.Seq != nil {
		it.Seq, it.HasSeq = *doc.Seq, true
	}
	if err := it.Check(); err != nil {
		l.err = fmt.Errorf("the item is damaged: %w: %w", err, errItemLine)
		return
	}
	l.target, l.item = it.Target(), it
}
