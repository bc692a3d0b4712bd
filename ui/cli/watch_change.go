package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/report"
)

// watchEditor changes a watch list: that of a running dhtop or that of a store.
type watchEditor interface {
	Add(entry dhtcore.WatchEntry) (fresh bool, err error)
	Remove(target dhtcore.ID) error
	Close() error
}

// changeWatch adds what args name to the watch list, or removes it.
func (c *invocation) changeWatch(verb string, args []string) error {
	ctx := c.cmd.Context()
	entries, err := c.watchEntries(ctx, verb, args)
	if ended := interrupted(ctx); ended != nil {
		return ended
	}
	if err != nil {
		return err
	}
	editor, err := c.editWatch(ctx)
	if err != nil {
		return err
	}
	results, failed := watchResults{}, 0
	for i := range entries {
		r := changed(editor, verb, &entries[i])
		if r.Error != nil {
			failed++
		}
		results = append(results, r)
	}
	if err := editor.Close(); err != nil {
		return fmt.Errorf("the watch list could not be saved: %w", err)
	}
	if c.out.ndjson {
		for i := range results {
			if err := report.WriteNDJSON(c.out, &results[i]); err != nil {
				return err
			}
		}
	} else if err := c.out.print(results); err != nil {
		return err
	}
	if err := c.out.commit(); err != nil {
		return err
	}
	switch {
	case failed > 0:
		for i := range results {
			if r := &results[i]; r.Error != nil && c.log >= logWarning {
				fmt.Fprintln(c.std.err, "dhtop:", printableError(c.cmd, r.name()+": "+*r.Error))
			}
		}
		return &exit{exitNothing, fmt.Sprintf("%s not %s", human.Amount(failed, "entry was", "entries were"), pastOf[verb])}
	case len(results) == 0:
		return &exit{exitNothing, "nothing to add: there is no entry in it"}
	}
	return nil
}

// pastOf is what was done to entries, by verb.
var pastOf = map[string]string{watchAdd: "added", watchImport: "added", watchRemove: "removed"}

// editWatch opens the watch list to change it: of the dhtop that uses the data directory, or of the store.
func (c *invocation) editWatch(ctx context.Context) (watchEditor, error) {
	if dir := c.explorer.DataDir; dir != "" && attachable(dir) {
		return &nodeEditor{ctx, newWatchNode(dir)}, nil
	}
	return dhtcore.OpenStoredWatch(ctx, c.explorer)
}

// changed adds an entry or removes it, and returns what came of it.
func changed(editor watchEditor, verb string, e *dhtcore.WatchEntry) watchResult {
	r := watchResult{Target: e.Target.String(), Done: pastOf[verb]}
	if e.Label != "" {
		r.Label = &e.Label
	}
	fresh, err := true, error(nil)
	if verb == watchRemove {
		err = editor.Remove(e.Target)
	} else {
		fresh, err = editor.Add(*e)
	}
	if !fresh {
		r.Done = "known"
	}
	if err != nil {
		text := err.Error()
		r.Done, r.Error = "failed", &text
	}
	return r
}

// watchEntries reads what args name, with what the flags say of it.
func (c *invocation) watchEntries(ctx context.Context, verb string, args []string) (entries []dhtcore.WatchEntry, err error) {
	label, salt := c.flags.string("label"), c.flags.string("salt")
	minSeeds, scrape := c.flags.int("min-seeds"), c.flags.bool("scrape")
	if minSeeds < 0 {
		return nil, fmt.Errorf("--min-seeds %d: want a number of seeds, 0 for no alert", minSeeds)
	}
	for _, arg := range args {
		more, err := c.readWatched(ctx, verb, arg, salt)
		if err != nil {
			return nil, err
		}
		entries = append(entries, more...)
	}
	if label != "" && len(entries) != 1 {
		return nil, fmt.Errorf("--label is for one entry: these are %d; label those of a file in its lines", len(entries))
	}
	for i := range entries {
		e := &entries[i]
		e.File = "" // it stays when the file no longer lists it
		if label != "" {
			e.Label = dhtcore.Printable(label)
		}
		if e.IsItem() && (minSeeds > 0 || scrape) {
			return nil, fmt.Errorf("%s is a mutable item, which has no seeds and no trackers: leave --min-seeds and --scrape out", e.Name())
		}
		if !e.IsItem() && salt != "" {
			return nil, fmt.Errorf("--salt %q: a salt is part of the name of a mutable item: pass pk: and its public key", salt)
		}
		if minSeeds > 0 {
			e.MinSeeds = minSeeds
		}
		e.Scrape = e.Scrape || scrape
	}
	return entries, nil
}

// readWatched reads what one argument names.
func (c *invocation) readWatched(ctx context.Context, verb, arg, salt string) ([]dhtcore.WatchEntry, error) {
	switch {
	case verb == watchImport && arg != "-":
		entries, err := dhtcore.ReadWatchFile(ctx, arg)
		if err != nil {
			err = fmt.Errorf("%w; nothing was added", human.Cause(err))
		}
		return entries, err
	case arg == "-":
		var entries []dhtcore.WatchEntry
		err := interruptible(ctx, func() (err error) {
			entries, err = dhtcore.ReadWatchLines(ctx, c.std.in, "standard input", ".")
			return err
		})
		return entries, err
	}
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		entries, err := dhtcore.ReadWatchFile(ctx, arg)
		if err == nil && len(entries) == 0 {
			err = fmt.Errorf("there is no .torrent file in %q: name one with some, or the files themselves", arg)
		}
		return entries, err
	}
	if salt != "" {
		arg += "/" + salt
	}
	entries, err := dhtcore.ParseWatch(ctx, arg)
	return entries, err
}

// nodeEditor changes the list of a running dhtop.
type nodeEditor struct {
	ctx  context.Context //nolint:containedctx // it is that of the command
	node *watchNode
}

// watchOrder is what POST /api/v1/watch takes.
type watchOrder struct {
	InfoHash string   `json:"info_hash,omitempty"`
	HashV2   string   `json:"info_hash_v2,omitempty"`
	Key      string   `json:"pk,omitempty"`
	Salt     string   `json:"salt,omitempty"`
	Label    string   `json:"label,omitempty"`
	Trackers []string `json:"trackers,omitempty"`
	Scrape   bool     `json:"scrape,omitempty"`
	MinSeeds int      `json:"min_seeds,omitempty"`
}

// Add implements watchEditor.
func (n *nodeEditor) Add(e dhtcore.WatchEntry) (fresh bool, err error) {
	order := watchOrder{Label: e.Label, Trackers: e.Trackers, Scrape: e.Scrape, MinSeeds: e.MinSeeds}
	if e.IsItem() {
		order.Key, order.Salt = dhtcore.FormatItemKey(e.Item.Key), e.Item.Salt
	} else {
		order.InfoHash = e.Target.String()
		if !e.Other.Zero() {
			order.HashV2 = e.Other.String()
		}
	}
	var answer struct{ Added bool }
	err = n.node.call(n.ctx, http.MethodPost, watchPath, &order, &answer)
	return answer.Added, err
}

// Remove implements watchEditor.
func (n *nodeEditor) Remove(target dhtcore.ID) error {
	var answer struct{ Message string }
	err := n.node.call(n.ctx, http.MethodDelete, watchPath+"/"+url.PathEscape(target.String()), nil, &answer)
	if r := (*refusedError)(nil); errors.As(err, &r) && r.status == http.StatusNotFound {
		return dhtcore.ErrNotWatched
	}
	return err
}

// Close implements watchEditor.
func (n *nodeEditor) Close() error { return nil }

// watchResult is what came of one entry.
type watchResult struct {
	Target string  `json:"target"`
	Label  *string `json:"label"`
	Done   string  `json:"result"` // added, known, removed or failed
	Error  *string `json:"error"`
}

// watchResults are the document of a change.
type watchResults []watchResult

func (r *watchResult) name() string {
	if r.Label != nil {
		return *r.Label
	}
	return r.Target
}

// WritePlain writes a line an entry that was changed.
func (l watchResults) WritePlain(w io.Writer) error {
	for i := range l {
		r := &l[i]
		if r.Error != nil {
			continue
		}
		if _, err := fmt.Fprintln(w, r.Done+"  "+r.Target+spaced(r.Label)); err != nil {
			return err
		}
	}
	return nil
}

func spaced(s *string) string {
	if s == nil {
		return ""
	}
	return "  " + *s
}

// WriteCSV writes a header and a line an entry.
func (l watchResults) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{"target", "label", "result", "error"}) //nolint:errcheck // Error has it
	for i := range l {
		r := &l[i]
		c.Write([]string{r.Target, orEmpty(r.Label), r.Done, orEmpty(r.Error)}) //nolint:errcheck // as above
	}
	c.Flush()
	return c.Error()
}
