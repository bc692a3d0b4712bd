package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/dhtcore"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// defaultExport is the default --limit.
const defaultExport = 1000

// demoExport is how long a demo runs before it is exported, without --for.
const demoExport = 5 * time.Second

func exportCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "export", Short: "Print the top info_hashes in the store", Args: noArgs,
		Example: "dhtop export --limit 20 --format magnet",
		RunE:    func(cmd *cobra.Command, _ []string) error { return export(cmd, std) },
	}
	f := cmd.Flags()
	settings.Define(f, settings.Network(), settings.Store(), settings.Output())
	f.String("format", "",
		"Write `NAME`: csv, json, ndjson, magnet or plain; default plain on a terminal, else csv")
	f.VisitAll(func(flag *pflag.Flag) { // they matter to --demo alone, if at all; a PostgreSQL store is reached by --bind-device
		if g := settings.GroupOf(flag); (g == settings.GroupNetwork || g == settings.GroupLimits) && flag.Name != "bind-device" {
			hide(f, flag.Name)
		}
	})
	hide(f, "mask-ips", "keep", "log-level", "names") // an export has no addresses
	addFilter(f)
	f.String("from", "", "Print those in `FILE`, a recording, as it ends, in place of the store")
	f.Int("limit", defaultExport, "Print at most `N` hashes; 0 for all")
	return cmd
}

func export(cmd *cobra.Command, std console.Streams) error {
	s, err := settings.Read(cmd)
	if err != nil {
		return err
	}
	v := values{cmd.Flags()}
	format, err := exportFormat(v, console.IsTerminal(std.Out) && s.Output == "")
	if err != nil {
		return err
	}
	limit := v.int("limit")
	if limit < 0 {
		return fmt.Errorf("--limit %d: want a number of hashes, or 0 for all", limit)
	}
	pick, err := readFilter(v)
	if err != nil {
		return err
	}
	if s.Demo && v.string("from") != "" {
		return errors.New("--from and --demo contradict each other: pass one of them")
	}
	out, err := console.Open(cmd.Context(), std, s.Output)
	if err != nil {
		return err
	}
	defer out.Discard()
	rows := report.NewStoredWriter(out, format)
	var n int
	if from := v.string("from"); from != "" {
		n, err = exportRecording(from, rows, pick, limit)
	} else if s.Explorer.Demo != nil {
		n, err = exportDemo(cmd.Context(), s, rows, pick, limit)
	} else {
		n, err = exportStore(cmd.Context(), s.Explorer, rows, pick, limit)
	}
	if err != nil {
		return err
	}
	switch {
	case n == 0 && !pick.all():
		return exit.With(exit.Nothing, "no info_hash passes --filter")
	case n == 0 && v.string("from") != "":
		return exit.With(exit.Nothing, "the recording has no info_hash")
	case n == 0 && s.Explorer.Demo != nil:
		return exit.With(exit.Nothing, "no info_hash was seen in the embedded network yet: pass a longer --for")
	case n == 0:
		return exit.With(exit.Nothing, "the store holds no info_hash yet: run dhtop or dhtop crawl first")
	}
	if err := errors.Join(rows.Close(), out.Commit()); err != nil {
		return err
	}
	return exit.BySignal(cmd.Context())
}

// exportFormat returns the format of --format, or of the flag of its name.
func exportFormat(v values, terminal bool) (report.Format, error) {
	names := []string{}
	if name := v.string("format"); name != "" {
		names = append(names, name)
	}
	for _, name := range []string{"csv", "json", "ndjson"} {
		if v.bool(name) {
			names = append(names, name)
		}
	}
	switch {
	case len(names) > 1:
		return 0, fmt.Errorf("formats %s and %s: pass one of them", names[0], names[1])
	case len(names) == 1:
		return report.ParseFormat(names[0])
	case terminal:
		return report.Plain, nil
	}
	return report.CSV, nil
}

// exportStore writes the top of the store of a configuration row by row, so that it need not fit in memory. limit counts
// the rows that pass the filter.
func exportStore(ctx context.Context, cfg dhtcore.Config, rows *report.StoredWriter, pick *hashFilter, limit int) (n int, err error) {
	if cfg.Store == "none" {
		return 0, errors.New("--store none keeps nothing to export: pass sqlite:PATH or postgres://USER@HOST/DATABASE")
	}
	read := limit
	if !pick.all() {
		read = 0
	}
	for row, err := range ahead(dhtcore.Stored(ctx, cfg, read)) {
		if exit.BySignal(ctx) != nil {
			return n, nil // what there is
		}
		if err != nil {
			return n, err
		}
		if !pick.passes(&row.HashRow) {
			continue
		}
		if err := rows.Write(&row); err != nil {
			return n, err
		}
		if n++; n == limit {
			break
		}
	}
	return n, nil
}

// How many rows ahead reads at once, and how many such chunks may wait: about a megabyte.
const (
	aheadRows   = 512
	aheadChunks = 4
)

// ahead reads rows in a goroutine while earlier ones are written, which takes as long.
func ahead(rows iter.Seq2[dhtcore.StoreEntry, error]) iter.Seq2[dhtcore.StoreEntry, error] {
	return func(yield func(dhtcore.StoreEntry, error) bool) {
		chunks, enough := make(chan []dhtcore.StoreEntry, aheadChunks), make(chan struct{})
		var failed error // set by the reader before it closes chunks
		go func() {
			defer close(chunks)
			failed = readAhead(rows, chunks, enough)
		}()
		defer func() {
			close(enough)
			for range chunks { // until the reader has closed the store
			}
		}()
		for chunk := range chunks {
			for _, row := range chunk {
				if !yield(row, nil) {
					return
				}
			}
		}
		if failed != nil {
			yield(dhtcore.StoreEntry{}, failed)
		}
	}
}

// readAhead sends rows to chunks until they end or enough is closed.
func readAhead(
	rows iter.Seq2[dhtcore.StoreEntry, error], chunks chan<- []dhtcore.StoreEntry, enough <-chan struct{},
) (failed error) {
	chunk := make([]dhtcore.StoreEntry, 0, aheadRows)
	for row, err := range rows {
		if err != nil {
			failed = err
			break
		}
		row.Parts = slices.Clone(row.Parts) // the next row overwrites them
		if chunk = append(chunk, row); len(chunk) < aheadRows {
			continue
		}
		select {
		case chunks <- chunk:
			chunk = make([]dhtcore.StoreEntry, 0, aheadRows)
		case <-enough:
			return nil
		}
	}
	select {
	case chunks <- chunk:
	case <-enough:
	}
	return failed
}

// exportDemo runs the embedded network for a while and writes what the explorer saw.
func exportDemo(ctx context.Context, s settings.Settings, rows *report.StoredWriter, pick *hashFilter, limit int) (n int, err error) {
	if s.For == 0 {
		s.For = demoExport
	}
	s.Explorer.Crawl = true
	r, err := openSession(ctx, s)
	if err != nil {
		return 0, err
	}
	<-r.ctx.Done()
	top := r.Snapshot().Hashes.Top
	if err := r.close(); err != nil && !errors.Is(err, error(exit.ErrInterrupted)) {
		return 0, err
	}
	return exportTop(top, rows, pick, limit)
}

// exportRecording writes what the last picture of a recording has.
func exportRecording(path string, rows *report.StoredWriter, pick *hashFilter, limit int) (n int, err error) {
	p, err := openPlayback([]string{path})
	if err != nil {
		return 0, err
	}
	defer p.Close()
	_, last := p.Span()
	s, _, err := p.At(last)
	if err != nil {
		return 0, err
	}
	return exportTop(s.Hashes.Top, rows, pick, limit)
}

// exportTop writes a ranking.
func exportTop(top []dhtcore.HashRow, rows *report.StoredWriter, pick *hashFilter, limit int) (n int, err error) {
	if limit == 0 || limit > len(top) {
		limit = min(len(top), dhtcore.MaxHashes)
	}
	for i := range top {
		if n == limit {
			break
		}
		if !pick.passes(&top[i]) {
			continue
		}
		if err := rows.Write(&dhtcore.StoreEntry{HashRow: top[i]}); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
