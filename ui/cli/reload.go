package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
)

// reloader reads the settings of a running serve anew: the file and what it names. It puts into force what can change at
// run time, and says of the rest that it needs a restart.
type reloader struct {
	*apiSession
	flags *pflag.FlagSet // with the values in force
	cmd   *cobra.Command
	log   *serveLog
}

// change puts settings into force. Its error says what stays as it was.
type change func(*reloader, *settings.Settings) error

// changes are the settings that a running node takes over.
var changes = map[string]change{
	"rate": setLimits, "rate-bytes": setLimits, "rate-new": setLimits,
	"inbound-rate": setLimits, "inbound-bytes": setLimits, "inbound-per-ip": setLimits,
	"log-level": logsAnew, "log-format": logsAnew, "log-rate": logsAnew, "quiet": logsAnew, "unique": logsAnew,
	"crawl":      func(r *reloader, s *settings.Settings) error { r.SetCrawl(s.Crawl); return nil },
	"names":      func(r *reloader, s *settings.Settings) error { r.SetNames(s.Explorer.Names); return nil },
	"max-hashes": func(r *reloader, s *settings.Settings) error { r.SetMaxHashes(s.Explorer.MaxHashes); return nil },
	"keep":       func(r *reloader, s *settings.Settings) error { r.SetKeep(s.Explorer.Keep); return nil },
	"mmdb":       loadMMDB,
	"record":     setRecord, "record-max": setRecord, "record-packets": setRecord,
	"tracker-allow": loadTrackerLists, "tracker-deny": loadTrackerLists,
	"tracker-require": tuneTracker, "tracker-max-announce-rate": tuneTracker, "tracker-proxy": tuneTracker,
}

func setLimits(r *reloader, s *settings.Settings) error { r.SetLimits(s.Explorer.Limits); return nil }

// logsAnew leaves it to the end of the reload.
func logsAnew(*reloader, *settings.Settings) error { return nil }

// logging returns how the log is written from now on. What is masked stays masked.
func (r *reloader) logging(s *settings.Settings) *settings.LogOptions {
	o := s.Logging()
	o.Form = r.log.options.Load().Form
	return &o
}

func loadMMDB(r *reloader, s *settings.Settings) error { return r.LoadMMDB(s.Explorer.MMDB) }

func loadTrackerLists(r *reloader, s *settings.Settings) error {
	return r.LoadTrackerLists(r.ctx, s.Explorer.TrackerAllow, s.Explorer.TrackerDeny)
}

func tuneTracker(r *reloader, s *settings.Settings) error { r.TuneTracker(&s.Tracker); return nil }

func setRecord(r *reloader, s *settings.Settings) error { return r.SetRecord(s.Explorer.Record) }

// always are read anew although the setting has not changed, as what they name may have.
var always = []string{"mmdb", "record", "tracker-allow"}

// run reloads after every hangup, until ctx ends. A hangup of the terminal that serve was started on ends it, as it does
// everything else there.
func (r *reloader) run(ctx context.Context, hangup <-chan struct{}, v *supervisor) {
	onTerminal := console.IsTerminal(r.log.errOut)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
			if onTerminal && !console.IsTerminal(r.log.errOut) {
				r.cancel()
				return
			}
			v.reload(r.reload)
		}
	}
}

// reload says on stderr what it does, a line each. Settings that are wrong change nothing at all.
func (r *reloader) reload() {
	fresh, s, err := readAgain(r.cmd)
	if err != nil {
		r.log.say(settings.LogError, "reload: all settings stay as they were: "+withoutPasswords(config.WithSource(fresh, err.Error())))
		return
	}
	failed, changed := map[string]bool{}, 0
	var failures []error
	for _, name := range byChange(r.flags, fresh.Flags()) {
		was, is := shownValue(r.flags.Lookup(name)), shownValue(fresh.Flags().Lookup(name))
		apply := changes[name]
		if was == is && (apply == nil || !slices.Contains(always, name)) {
			continue
		}
		if apply == nil {
			r.log.say(settings.LogWarning, fmt.Sprintf("reload: %s is %s%s: restart dhtop to change it from %s", name, is, sourceNote(fresh.Flags().Lookup(name)), was))
			continue
		}
		if err := apply(r, &s); err != nil {
			failed[name] = true
			if was == is && slices.ContainsFunc(failures, func(e error) bool { return e.Error() == err.Error() }) {
				continue // a list of the tracker, of which the other one has changed
			}
			failures = append(failures, err)
			text := withoutPasswords(err.Error())
			if was != is && r.confined && errors.Is(err, fs.ErrPermission) {
				text += ": restart dhtop if it had no such file at its start, as its sandbox lets it open no other"
			}
			r.log.say(settings.LogError, "reload: "+name+" stays as it was: "+text)
			continue
		}
		if was != is {
			changed++
			r.log.say(settings.LogInfo, fmt.Sprintf("reload: %s is %s%s; it was %s", name, is, sourceNote(fresh.Flags().Lookup(name)), was))
		}
	}
	if r.server != nil {
		if err := r.server.ReloadToken(); err != nil {
			r.log.say(settings.LogError, "reload: the token stays as it was: "+err.Error())
		}
	}
	r.keep(fresh.Flags(), failed)
	if changed == 0 {
		r.log.say(settings.LogInfo, "reload: no setting that can change while dhtop runs has changed")
	}
	r.log.options.Store(r.logging(&s)) // last: what the lines above are written by
}

// keep notes which values are in force now. Those that need a restart, and those that failed, are not.
func (r *reloader) keep(fresh *pflag.FlagSet, failed map[string]bool) {
	for name := range changes {
		if f := fresh.Lookup(name); f != nil && !failed[name] {
			copyFlag(r.flags.Lookup(name), f)
		}
	}
}

// readAgain reads the settings of a command as a new process would with the same arguments. The returned command has the
// sources of its values, also after an error.
func readAgain(cmd *cobra.Command) (*cobra.Command, settings.Settings, error) {
	fresh, _, err := newRoot(console.Streams{}, console.Streams{}).Find([]string{cmd.Name()})
	if err != nil {
		return cmd, settings.Settings{}, err
	}
	fresh.SetErr(io.Discard) // what is odd about the environment was said at the start
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if config.OnCommandLine(f) {
			copyFlag(fresh.Flags().Lookup(f.Name), f)
			fresh.Flags().Lookup(f.Name).Changed = true
		}
	})
	s, err := settings.Read(fresh)
	return fresh, s, err
}

// copyFlag gives a flag the value of another one of the same type.
func copyFlag(to, from *pflag.Flag) {
	if to == nil {
		return
	}
	if list, ok := from.Value.(pflag.SliceValue); ok {
		to.Value.(pflag.SliceValue).Replace(list.GetSlice()) //nolint:errcheck // a value of the same type
		return
	}
	to.Value.Set(from.Value.String()) //nolint:errcheck // a value of the same type
}

// settingsOf returns the names of the settings among flags, sorted.
func settingsOf(f *pflag.FlagSet) (names []string) {
	f.VisitAll(func(flag *pflag.Flag) {
		if config.IsSetting(flag.Name) {
			names = append(names, flag.Name)
		}
	})
	slices.Sort(names)
	return names
}

// byChange returns the names of the settings, sorted, those first that have changed.
func byChange(before, now *pflag.FlagSet) []string {
	names := settingsOf(now)
	same := func(name string) bool { return shownValue(before.Lookup(name)) == shownValue(now.Lookup(name)) }
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case same(a) == same(b):
			return 0
		case same(b):
			return -1
		}
		return 1
	})
	return names
}

// shownValue is the value of a flag as a person may read it, without passwords.
func shownValue(f *pflag.Flag) string {
	if f == nil {
		return ""
	}
	text := f.Value.String()
	if _, list := f.Value.(pflag.SliceValue); list {
		text = strings.Trim(text, "[]")
	}
	return withoutPasswords(cmp.Or(text, settings.Unset(f.Name), "unset"))
}

// sourceNote says where the value of a flag comes from, in brackets; "" for the command line and the default.
func sourceNote(f *pflag.Flag) string {
	if source, from := config.Source(f); source == "environment" || source == "file" {
		return " (" + from + ")"
	}
	return ""
}
