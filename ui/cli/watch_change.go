package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// changeWatch adds what args name to the watch list, or removes it.
func (c *invocation) changeWatch(verb string, args []string) error {
	ctx := c.cmd.Context()
	var entries []dhtcore.WatchEntry
	var named []unwatched
	var err error
	if verb == watchRemove {
		named, err = c.readUnwatched(ctx, args)
	} else {
		entries, err = c.watchEntries(ctx, verb, args)
	}
	if ended := exit.BySignal(ctx); ended != nil {
		return ended
	}
	if err != nil {
		return err
	}
	editor, err := c.editWatch(ctx)
	if err != nil {
		return err
	}
	if verb == watchRemove {
		if entries, err = onList(editor, named); err != nil {
			editor.Close() //nolint:errcheck // nothing was changed
			return err
		}
	}
	results, failed := watchResults{}, 0
	for i := range entries {
		r, err := changed(editor, verb, &entries[i])
		if err != nil {
			return err
		}
		if r.Error != nil {
			failed++
		}
		results = append(results, r)
	}
	if err := editor.Close(); err != nil {
		return fmt.Errorf("the watch list could not be saved: %w", err)
	}
	if c.out.NDJSON {
		for i := range results {
			if err := report.WriteNDJSON(c.out, &results[i]); err != nil {
				return err
			}
		}
	} else if err := c.out.Print(results); err != nil {
		return err
	}
	if err := c.out.Commit(); err != nil {
		return err
	}
	switch {
	case failed > 0:
		for i := range results {
			if r := &results[i]; r.Error != nil && c.LogLevel >= settings.LogWarning {
				fmt.Fprintln(c.std.Err, "dhtop:", printableError(c.cmd, r.name()+": "+*r.Error))
			}
		}
		return exit.With(exit.Nothing, fmt.Sprintf("%s not %s", human.Amount(failed, "entry was", "entries were"), pastOf[verb]))
	case len(results) == 0:
		return exit.With(exit.Nothing, "nothing to add: there is no entry in it")
	}
	return nil
}

// pastOf is what was done to entries, by verb.
var pastOf = map[string]string{watchAdd: "added", watchImport: "added", watchRemove: "removed"}

// editWatch opens the watch list to change it: of a dhtop that runs, or of the store.
func (c *invocation) editWatch(ctx context.Context) (watchEditor, error) {
	n, err := c.watchNode()
	if err != nil {
		return nil, err
	}
	if n != nil {
		return &nodeEditor{ctx, n}, nil
	}
	stored, err := dhtcore.OpenStoredWatch(ctx, c.Explorer)
	if err != nil {
		return nil, err
	}
	return storedEditor{stored}, nil
}

// changed adds an entry or removes it, and returns what came of it. The error is one after which no other can be changed.
func changed(editor watchEditor, verb string, e *dhtcore.WatchEntry) (watchResult, error) {
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
	switch {
	case errors.Is(err, errUnreachable):
		return r, err
	case err != nil:
		text := err.Error()
		r.Done, r.Error = "failed", &text
	}
	return r, nil
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
		err := exit.Interruptible(ctx, func() (err error) {
			entries, err = dhtcore.ReadWatchLines(ctx, c.std.In, "standard input", ".")
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
