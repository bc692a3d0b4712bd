package dhtcore

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// listed is what the go command says of one package.
type listed struct {
	ImportPath, Dir, Doc string
	GoFiles              []string
	Imports, Deps        []string
}

func packages(t *testing.T) map[string]listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,Doc,GoFiles,Imports,Deps", "dhtop/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]listed{}
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.ImportPath == "dhtop" || strings.HasPrefix(p.ImportPath, "dhtop/") {
			all[p.ImportPath] = p
		}
	}
	return all
}

func under(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// ours returns the imports of p that belong to this module.
func (p listed) ours() []string {
	return slices.DeleteFunc(slices.Clone(p.Imports), func(i string) bool { return !under(i, "dhtop") })
}

// What each package may import of this module: a row not listed here is a decision to be made.
var mayImport = map[string][]string{
	"dhtop":                      {"ui/cli"},
	"dhtop/ui":                   {"ui/terminal", "views", "views/screen", "views/theme", "views/text", "views/report", "dhtcore", "dhtcore/filter", "dhtcore/human", "dhtcore/atomicfile", "ui/transform", "views/report/capture"},
	"dhtop/ui/transform":         {"dhtcore", "views/screen"},
	"dhtop/ui/cli":               {"ui", "ui/terminal", "ui/api", "ui/attach", "ui/cli/config", "ui/cli/settings", "ui/socket", "views/report", "views/screen", "views/theme", "dhtcore", "dhtcore/filter", "dhtcore/human", "dhtcore/pkarr", "dhtcore/scenario", "dhtcore/atomicfile", "views/report/capture", "ui/cli/exit", "ui/cli/console", "ui/cli/input", "views/report/reader"},
	"dhtop/ui/cli/input":         {"dhtcore", "dhtcore/human", "dhtcore/pkarr", "ui/cli/exit"},
	"dhtop/ui/cli/console":       {"dhtcore/atomicfile", "dhtcore/human", "ui/cli/exit", "views/report"},
	"dhtop/ui/cli/exit":          {},
	"dhtop/ui/cli/settings":      {"ui/api", "ui/cli/config", "views/report", "views/theme", "dhtcore", "dhtcore/human", "dhtcore/scenario"},
	"dhtop/ui/cli/config":        {"ui/attach", "dhtcore/human"}, // of attach, how a target is spelled
	"dhtop/ui/attach":            {"ui", "ui/attach/protocol", "ui/socket", "views/screen", "dhtcore", "dhtcore/human", "dhtcore/printable", "dhtcore/record"},
	"dhtop/ui/attach/protocol":   {"dhtcore"},
	"dhtop/ui/api/metrics":       {"dhtcore"},
	"dhtop/ui/api":               {"ui/api/metrics", "ui/attach/protocol", "ui/socket", "views/page", "views/report", "views/screen", "dhtcore", "dhtcore/record", "dhtcore/atomicfile", "dhtcore/human"}, // of screen, the filters and orders of its lists
	"dhtop/ui/socket":            {},
	"dhtop/ui/terminal":          {"dhtcore"}, // what of a text may be shown
	"dhtop/views":                {"views/canvas", "views/screen", "views/panes", "views/panes/crawl", "views/panes/events", "views/panes/hashes", "views/panes/lab", "views/panes/lookups", "views/panes/packets", "views/panes/table", "views/panes/tracker", "views/panes/traffic", "views/panes/watch", "views/theme", "views/text", "dhtcore"},
	"dhtop/views/canvas":         {"dhtcore/human", "views/theme", "views/text"},
	"dhtop/views/screen":         {"views/theme", "views/text", "dhtcore", "dhtcore/filter", "dhtcore/human"}, // the chosen theme; what of an address may be shown; a knob says its value
	"dhtop/views/panes":          {"views/panes/events", "views/panes/list", "views/panes/hashes", "views/panes/lookups", "views/panes/packets", "views/panes/table", "views/panes/tracker", "views/panes/traffic", "views/panes/watch", "views/canvas", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human"},
	"dhtop/views/panes/crawl":    {"views/canvas", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human", "views/panes/events"},
	"dhtop/views/panes/distance": {"views/canvas", "views/text", "views/theme", "dhtcore", "dhtcore/human"},
	"dhtop/views/panes/events":   {"views/canvas", "views/panes/list", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human"},
	"dhtop/views/panes/hashes":   {"views/canvas", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human", "views/panes/list", "views/panes/lookups"},
	"dhtop/views/panes/lab":      {"views/canvas", "views/panes/events", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human"},
	"dhtop/views/panes/list":     {"dhtcore/human", "views/canvas", "views/screen", "views/theme"},
	"dhtop/views/panes/lookups":  {"views/canvas", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human", "views/panes/list"},
	"dhtop/views/panes/packets":  {"views/canvas", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human", "views/panes/list", "views/panes/distance"},
	"dhtop/views/panes/table":    {"views/canvas", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human", "views/panes/list", "views/panes/distance"},
	"dhtop/views/panes/watch":    {"views/canvas", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human", "views/panes/list"},
	"dhtop/views/panes/tracker":  {"views/canvas", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human", "views/panes/list"},
	"dhtop/views/panes/traffic":  {"views/canvas", "views/screen", "views/theme", "views/text", "dhtcore", "dhtcore/human", "views/panes/list"},
	"dhtop/views/theme":          {},
	"dhtop/views/text":           {"dhtcore", "dhtcore/printable"},
	"dhtop/views/page":           {"views/report", "dhtcore", "dhtcore/human"},
	"dhtop/views/report":         {"views/text", "dhtcore", "dhtcore/human", "dhtcore/mask", "dhtcore/pkarr"},
	"dhtop/views/report/reader":  {"dhtcore"},
	"dhtop/views/report/capture": {"dhtcore", "dhtcore/human", "dhtcore/pcapng", "views/report", "views/text"},
	"dhtop/dhtcore/printable":    {}, // below all that take in strangers' text
	"dhtop/dhtcore/atomicfile":   {},
	"dhtop/dhtcore/human":        {},
	"dhtop/dhtcore/filter":       {"dhtcore/human"}, // the language; the fields are those of its callers
	"dhtop/dhtcore/wire":         {"dhtcore/printable"},
	"dhtop/dhtcore/table":        {"dhtcore/wire"},
	"dhtop/dhtcore/openaddr":     {},
	"dhtop/dhtcore/peers":        {"dhtcore/openaddr", "dhtcore/wire"}, // for Family, and for whose address is held to a share
	"dhtop/dhtcore/items":        {"dhtcore/wire"},
	"dhtop/dhtcore/geo":          {"dhtcore/printable"},
	"dhtop/dhtcore/hosts":        {"dhtcore/wire"},
	"dhtop/dhtcore/netbind":      {},
	"dhtop/dhtcore/portmap":      {"dhtcore/human", "dhtcore/netbind", "dhtcore/printable", "dhtcore/wire"},
	"dhtop/dhtcore/udp":          {"dhtcore/netbind", "dhtcore/wire"},
	"dhtop/dhtcore/tracker":      {"dhtcore/netbind", "dhtcore/peers", "dhtcore/udp", "dhtcore/wire", "dhtcore/atomicfile"},
	"dhtop/dhtcore/node":         {"dhtcore/netbind", "dhtcore/hosts", "dhtcore/udp", "dhtcore/wire", "dhtcore/table", "dhtcore/peers", "dhtcore/items"},
	"dhtop/dhtcore/lookup":       {"dhtcore/peers", "dhtcore/wire"},
	"dhtop/dhtcore/crawl":        {"dhtcore/lookup", "dhtcore/wire"},
	"dhtop/dhtcore/ledger":       {"dhtcore/openaddr"},
	"dhtop/dhtcore/store":        {"dhtcore/human", "dhtcore/ledger", "dhtcore/netbind"},
	"dhtop/dhtcore/journal":      {"dhtcore/filter", "dhtcore/wire"},
	"dhtop/dhtcore/bencode":      {},
	"dhtop/dhtcore/metadata":     {"dhtcore/bencode", "dhtcore/printable", "dhtcore/wire"},
	"dhtop/dhtcore/torrent":      {"dhtcore/bencode", "dhtcore/metadata", "dhtcore/wire"},
	"dhtop/dhtcore/needs":        {},
	"dhtop/dhtcore/pcapng":       {},
	"dhtop/dhtcore/pkarr":        {"dhtcore/printable"},
	"dhtop/dhtcore/republish":    {},
	"dhtop/dhtcore/mask":         {},                // of any type, by the rules of its callers
	"dhtop/dhtcore/pseudonym":    {"dhtcore/wire"},  // what a packet holds
	"dhtop/dhtcore/record":       {"dhtcore/pause"}, // of any type: those of a Snapshot come from its caller
	"dhtop/dhtcore/scrape":       {"dhtcore/netbind", "dhtcore/bencode", "dhtcore/human", "dhtcore/printable", "dhtcore/wire"},
	"dhtop/dhtcore/sandbox":      {},
	"dhtop/dhtcore/watch":        {"dhtcore/human", "dhtcore/lookup", "dhtcore/pkarr", "dhtcore/wire"}, // of lookup, the level of a risk
	"dhtop/dhtcore/testnet":      {"dhtcore/node", "dhtcore/lookup", "dhtcore/metadata", "dhtcore/peers", "dhtcore/wire", "dhtcore/pause"},
	"dhtop/dhtcore/scenario":     {"dhtcore/human", "dhtcore/testnet", "dhtcore/wire"},
	"dhtop/dhtcore/simnet":       {"dhtcore/testnet", "dhtcore/node", "dhtcore/peers", "dhtcore/wire"},
	"dhtop/dhtcore/pause":        {},
	"dhtop/dhtcore/alert":        {"dhtcore/human", "dhtcore/pause", "dhtcore/printable", "dhtcore/watch"},
	"dhtop/dhtcore/files":        {},
	"dhtop/dhtcore/datadir":      {"dhtcore/files", "dhtcore/human", "dhtcore/printable"},
	"dhtop/dhtcore/watchfile":    {"dhtcore/printable", "dhtcore/torrent", "dhtcore/watch"},
	"dhtop/dhtcore/tally":        {"dhtcore/geo", "dhtcore/hosts", "dhtcore/items", "dhtcore/peers", "dhtcore/wire"},
	"dhtop/dhtcore/ranking":      {"dhtcore/filter", "dhtcore/ledger", "dhtcore/pause", "dhtcore/peers", "dhtcore/tracker", "dhtcore/wire"},
	"dhtop/dhtcore/capture":      {"dhtcore/hosts", "dhtcore/human", "dhtcore/journal", "dhtcore/ledger", "dhtcore/lookup", "dhtcore/node", "dhtcore/pcapng", "dhtcore/table", "dhtcore/wire"},
	"dhtop/dhtcore/admission":    {"dhtcore/atomicfile", "dhtcore/files", "dhtcore/human", "dhtcore/ledger", "dhtcore/pause", "dhtcore/printable", "dhtcore/torrent", "dhtcore/tracker", "dhtcore/wire"},
	"dhtop/dhtcore/lab":          {"dhtcore/ledger", "dhtcore/lookup", "dhtcore/node", "dhtcore/scenario", "dhtcore/store", "dhtcore/testnet", "dhtcore/wire"},
	"dhtop/dhtcore/history":      {"dhtcore/journal", "dhtcore/node", "dhtcore/wire"},
	"dhtop/dhtcore/bridge":       {"dhtcore/lookup", "dhtcore/pause", "dhtcore/wire"},
	"dhtop/dhtcore/silent":       {"dhtcore/node", "dhtcore/wire"},
	"dhtop/dhtcore/news":         {"dhtcore/journal", "dhtcore/ledger", "dhtcore/pause", "dhtcore/ranking", "dhtcore/wire"},
	"dhtop/dhtcore/detail":       {"dhtcore/geo", "dhtcore/journal", "dhtcore/ledger", "dhtcore/lookup", "dhtcore/node", "dhtcore/peers", "dhtcore/store", "dhtcore/tracker", "dhtcore/wire"},
	"dhtop/dhtcore/names":        {"dhtcore/journal", "dhtcore/ledger", "dhtcore/lookup", "dhtcore/metadata", "dhtcore/netbind", "dhtcore/pause", "dhtcore/printable", "dhtcore/silent", "dhtcore/wire"},
	"dhtop/dhtcore/snapshot":     {"dhtcore/crawl", "dhtcore/detail", "dhtcore/geo", "dhtcore/history", "dhtcore/human", "dhtcore/journal", "dhtcore/lab", "dhtcore/ledger", "dhtcore/lookup", "dhtcore/metadata", "dhtcore/news", "dhtcore/node", "dhtcore/portmap", "dhtcore/ranking", "dhtcore/sandbox", "dhtcore/scrape", "dhtcore/store", "dhtcore/table", "dhtcore/tally", "dhtcore/tracker", "dhtcore/watch", "dhtcore/wire"},
	"dhtop/dhtcore/doctor":       {"dhtcore/human", "dhtcore/lookup", "dhtcore/node", "dhtcore/portmap", "dhtcore/snapshot", "dhtcore/wire"},
	"dhtop/dhtcore/clocks":       {"dhtcore/snapshot"},
	"dhtop/dhtcore":              {"dhtcore/admission", "dhtcore/alert", "dhtcore/atomicfile", "dhtcore/bridge", "dhtcore/capture", "dhtcore/clocks", "dhtcore/crawl", "dhtcore/datadir", "dhtcore/detail", "dhtcore/doctor", "dhtcore/files", "dhtcore/geo", "dhtcore/history", "dhtcore/hosts", "dhtcore/human", "dhtcore/items", "dhtcore/journal", "dhtcore/lab", "dhtcore/ledger", "dhtcore/lookup", "dhtcore/mask", "dhtcore/metadata", "dhtcore/names", "dhtcore/netbind", "dhtcore/news", "dhtcore/node", "dhtcore/pause", "dhtcore/pcapng", "dhtcore/peers", "dhtcore/portmap", "dhtcore/printable", "dhtcore/pseudonym", "dhtcore/ranking", "dhtcore/record", "dhtcore/republish", "dhtcore/sandbox", "dhtcore/scenario", "dhtcore/scrape", "dhtcore/silent", "dhtcore/snapshot", "dhtcore/store", "dhtcore/table", "dhtcore/tally", "dhtcore/testnet", "dhtcore/torrent", "dhtcore/tracker", "dhtcore/watch", "dhtcore/watchfile", "dhtcore/wire"},
}

func TestPackagesImportWhatTheDesignAllows(t *testing.T) {
	for path, p := range packages(t) {
		allowed, known := mayImport[path]
		if !known {
			t.Errorf("%s is not in the design", path)
		}
		for _, i := range p.ours() {
			if !slices.Contains(allowed, strings.TrimPrefix(i, "dhtop/")) {
				t.Errorf("%s imports %s", path, i)
			}
		}
	}
}

// Packages that only tests import.
var testOnly = []string{"dhtop/dhtcore/simnet", "dhtop/dhtcore/needs"}

func TestWhatOnlyTestsUseIsNotInTheProgram(t *testing.T) {
	for _, dep := range packages(t)["dhtop"].Deps {
		if slices.Contains(testOnly, dep) {
			t.Errorf("the program holds %s", dep)
		}
	}
}

func TestTheArchitectureNamesEveryPackage(t *testing.T) {
	page, err := os.ReadFile("../.github/ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	for path := range packages(t) {
		name := "`" + strings.TrimPrefix(path, "dhtop/") + "`"
		if path == "dhtop" {
			name = "`main`"
		}
		if !strings.Contains(string(page), name) {
			t.Errorf(".github/ARCHITECTURE.md does not say what lives in %s", name)
		}
	}
}

func TestTheCoreKnowsNoTerminal(t *testing.T) {
	for path, p := range packages(t) {
		if !under(path, "dhtop/dhtcore") {
			continue
		}
		for _, dep := range p.Deps {
			for _, terminal := range []string{"github.com/charmbracelet/", "github.com/muesli/termenv", "github.com/mattn/go-runewidth"} {
				if strings.HasPrefix(dep, terminal) {
					t.Errorf("%s depends on %s", path, dep)
				}
			}
		}
	}
}

func TestOnlyTheCoreImportsAnacrolix(t *testing.T) {
	for path, p := range packages(t) {
		for _, i := range p.Imports {
			if strings.HasPrefix(i, "github.com/anacrolix/") && !under(path, "dhtop/dhtcore") {
				t.Errorf("%s imports %s", path, i)
			}
		}
	}
}

func TestViewsAreValuesInAndLinesOut(t *testing.T) {
	for path, p := range packages(t) {
		if !under(path, "dhtop/views") {
			continue
		}
		for _, i := range p.Imports {
			if i == "net" || strings.HasPrefix(i, "net/") && i != "net/netip" && i != "net/url" || strings.Contains(i, "bubbletea") {
				t.Errorf("%s imports %s", path, i)
			}
		}
		for _, name := range p.GoFiles {
			eachNode(t, filepath.Join(p.Dir, name), func(n ast.Node, at token.Position) {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%s starts a goroutine", at)
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After"}, n.Sel.Name) {
						t.Errorf("%s reads the clock", at)
					}
				}
			})
		}
	}
}

func eachNode(t *testing.T, path string, visit func(ast.Node, token.Position)) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if n != nil {
			visit(n, set.Position(n.Pos()))
		}
		return true
	})
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for path, p := range packages(t) {
		want := "Package " + filepath.Base(path) + " "
		if path == "dhtop" {
			want = "Command dhtop "
		}
		if !strings.HasPrefix(p.Doc, want) {
			t.Errorf("%s: the package comment starts %.40q, want %q", path, p.Doc, want)
		}
	}
}

func TestTheTopLevelHoldsWhatTheCardNames(t *testing.T) {
	allowed := []string{"main.go", "ui", "dhtcore", "views", "go.mod", "go.sum", "README.md", "LICENSE"}
	entries, err := fs.ReadDir(os.DirFS(".."), ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) && e.Name() != "dhtop" {
			t.Errorf("%s lies at the top level", e.Name())
		}
	}
}
