package ui

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/human"
	"dhtop/views/report"
)

// export is content on its way to a file.
type export struct {
	exportContent
	format  report.Format
	path    string
	written *atomic.Int64 // bytes so far; also tells exports apart
}

// exportedMsg is the result of an export.
type exportedMsg struct {
	export
	err error
}

// askExport asks for the format, then for the file, and before it overwrites one.
func askExport(m *Model) tea.Cmd {
	l := m.state.List()
	shown, err := contexts[l].export(&m.state, m.snap, report.Options{Mask: m.state.Mask(m.snap)})
	if err != nil {
		m.toast.say(time.Now(), "%s", err)
		return nil
	}
	x := export{exportContent: shown}
	m.ask("export as", x.what+": "+x.choices()+"; tab goes through them", x.formats[0].String(), func(m *Model, value string) (tea.Cmd, error) {
		var err error
		if x.format, err = x.parse(strings.ToLower(value)); err != nil {
			return nil, err
		}
		x.askFile(m)
		return nil, nil
	})
	for _, f := range x.formats {
		m.prompt.offers = append(m.prompt.offers, f.String())
	}
	m.prompt.offered = true
	return nil
}

func (x export) askFile(m *Model) {
	name := x.file(x.format, m.shownAt(time.Now()))
	m.ask("export to", "file for "+x.what, name, func(m *Model, value string) (tea.Cmd, error) {
		var err error
		if x.path, err = expand(value); err != nil {
			return nil, err
		}
		info, err := os.Stat(x.path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return m.exporting.start(x, false), nil
		case err != nil:
			return nil, err
		case !info.Mode().IsRegular():
			return nil, fmt.Errorf("%s is not a regular file: type another name", x.path)
		}
		x.askOverwrite(m)
		return nil, nil
	})
}

func (x export) askOverwrite(m *Model) {
	m.ask("overwrite?", x.path+" exists: y overwrites it, n keeps it", "", func(m *Model, value string) (tea.Cmd, error) {
		switch strings.ToLower(value) {
		case "y", "yes":
			return m.exporting.start(x, true), nil
		case "n", "no":
			m.toast.say(time.Now(), "kept %s", x.path)
			return nil, nil
		}
		return nil, errors.New("type y or n")
	})
}

// exports are those that are being written.
type exports []export

// start writes the file in the background.
func (all *exports) start(x export, overwrite bool) tea.Cmd {
	x.written = new(atomic.Int64)
	*all = append(*all, x)
	return func() tea.Msg { return exportedMsg{x, x.write(overwrite)} }
}

// showProgress shows how far an export is, if it takes long: a slow disk, a network. It reports whether it did.
func (all exports) showProgress(t *toast, now time.Time) bool {
	if len(all) == 0 || !t.free() {
		return false
	}
	x := all[0]
	t.say(now, "writing %s: %s bytes so far", x.path, human.Count(uint64(x.written.Load())))
	t.passing = true
	return true
}

// done forgets an export that has ended.
func (all *exports) done(x export) {
	*all = slices.DeleteFunc(*all, func(y export) bool { return y.written == x.written })
}

// exported shows the result of an export.
func (m *Model) exported(msg exportedMsg, now time.Time) {
	m.exporting.done(msg.export)
	if msg.err != nil {
		m.fail(now, msg.err)
		return
	}
	m.toast.say(now, "wrote %s to %s", msg.what, msg.path)
}

// write writes the file. Unless it may overwrite, it creates the file first, and fails if it exists by now.
func (x *export) write(overwrite bool) error {
	if !overwrite {
		claim, err := os.OpenFile(x.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666) // less the umask
		if err != nil {
			return fmt.Errorf("cannot write %s: %w", x.path, human.Cause(err))
		}
		claim.Close() //nolint:errcheck // nothing was written
	}
	err := x.replace()
	if err == nil {
		return nil
	}
	if !overwrite {
		os.Remove(x.path) //nolint:errcheck // the claim
	}
	return fmt.Errorf("cannot write %s: %w", x.path, human.Cause(err))
}

// replace writes the rows into the file as a whole.
func (x *export) replace() error {
	file, err := atomicfile.Create(x.path, 0o666)
	if err != nil {
		return err
	}
	defer file.Discard()
	if err := x.render(x.counted(file), x.format); err != nil {
		return err
	}
	return file.Commit()
}

// counted returns w with its bytes counted.
func (x *export) counted(w io.Writer) io.Writer {
	return writerFunc(func(p []byte) (int, error) {
		n, err := w.Write(p)
		x.written.Add(int64(n))
		return n, err
	})
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func extension(f report.Format) string {
	switch f {
	case report.Magnet, report.Plain:
		return ".txt"
	default:
		return "." + f.String()
	}
}

// expand returns the absolute path that a person typed, ~ included.
func expand(name string) (string, error) {
	if name == "" {
		return "", errors.New("type a file name")
	}
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		name = filepath.Join(home, rest)
	}
	return filepath.Abs(name)
}
