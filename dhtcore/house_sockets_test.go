package dhtcore

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What opens a socket, or asks the DNS, past --bind-device.
var unbound = map[string][]string{
	"net": {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "Dialer", "Listen", "ListenTCP", "ListenUDP", "ListenPacket", "ListenMulticastUDP", "ListenConfig",
		"DefaultResolver", "LookupHost", "LookupIP", "LookupAddr", "LookupTXT", "LookupCNAME", "LookupSRV", "LookupMX", "LookupNS", "LookupPort",
		"ResolveUDPAddr", "ResolveTCPAddr", "ResolveIPAddr"},
	"http":    {"DefaultClient", "DefaultTransport", "Get", "Post", "PostForm", "Head", "ListenAndServe", "ProxyFromEnvironment"},
	"pgx":     {"Connect", "ConnectConfig"},
	"pgxpool": {"New"},
	"pgconn":  {"Connect", "ConnectConfig"},
	"syscall": {"Socket"},
	"unix":    {"Socket"},
}

// What does so where a field of it is not set.
var unboundWithout = map[string]string{"http.Client": "Transport", "http.Transport": "DialContext", "net.Resolver": "Dial", "websocket.DialOptions": "HTTPClient"}

// What does so where these are not set in the same function.
var unboundConfigs = map[string][]string{"pgxpool.ParseConfig": {"DialFunc", "LookupFunc"}}

// Where that is right.
var mayOpenSockets = map[string]string{
	"dhtcore/netbind":              "binds them",
	"dhtcore/testnet":              "is on loopback alone",
	"dhtcore/simnet":               "is for tests",
	"dhtcore/needs":                "is for tests",
	"dhtcore/metadata/metadata.go": "is handed a dialer by dhtcore; the default is for its tests",
	"ui/socket":                    "is about Unix sockets",
	"ui/api/listen.go":             "answers those who connect to --http, on loopback as a rule",
}

func TestEverySocketKeepsToTheInterface(t *testing.T) {
	for path, p := range packages(t) {
		for _, name := range p.GoFiles {
			file := strings.TrimPrefix(path, "dhtop/") + "/" + name
			if mayOpenSockets[strings.TrimPrefix(path, "dhtop/")] != "" || mayOpenSockets[file] != "" {
				continue
			}
			eachNode(t, filepath.Join(p.Dir, name), func(n ast.Node, at token.Position) {
				switch n := n.(type) {
				case *ast.CompositeLit:
					if field := unboundWithout[qualified(n.Type)]; field != "" && !sets(n, field) {
						t.Errorf("%s is an %s without %s: use that of netbind.Device", at, qualified(n.Type), field)
					}
				case *ast.FuncDecl:
					for _, missing := range lacks(n) {
						t.Errorf("%s does not set %s: use that of netbind.Device", at, missing)
					}
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Obj == nil && slices.Contains(unbound[x.Name], n.Sel.Name) {
						t.Errorf("%s uses %s.%s past --bind-device: use netbind.Device", at, x.Name, n.Sel.Name)
					}
				}
			})
		}
	}
}

// qualified is the name of an expression with that of its package, "" for another one.
func qualified(e ast.Expr) string {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + s.Sel.Name
}

// sets reports whether a literal sets a field.
func sets(c *ast.CompositeLit, field string) bool {
	return slices.ContainsFunc(c.Elts, func(e ast.Expr) bool {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return false
		}
		name, ok := kv.Key.(*ast.Ident)
		return ok && name.Name == field
	})
}

// lacks are the fields that a function should set and does not, as it makes a configuration of unboundConfigs.
func lacks(f *ast.FuncDecl) (missing []string) {
	set := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			missing = append(missing, unboundConfigs[qualified(n.Fun)]...)
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				if s, ok := to.(*ast.SelectorExpr); ok {
					set[s.Sel.Name] = true
				}
			}
		}
		return true
	})
	return slices.DeleteFunc(missing, func(field string) bool { return set[field] })
}
