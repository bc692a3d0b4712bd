package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"dhtop/dhtcore/human"
	"dhtop/ui/api"
	"dhtop/ui/cli/settings"
	"dhtop/ui/socket"
)

// attachSocket is where the node of a data directory can be attached to without any set-up: by the user of the directory.
func attachSocket(dir string) string { return filepath.Join(dir, "attach.sock") }

// viewers is what serves the other dhtops that show the node of a session. The zero value serves none.
type viewers struct {
	server *api.Server
	ended  chan struct{} // closed when server has ended; nil without
}

// takeViewers lets other dhtops attach to the node of the data directory, if the session is that; a demo is where --data
// was passed, as the directory of the configuration is that of the real node. Where it is not possible the session goes on
// without, and says so.
func (s *session) takeViewers(c *settings.Settings) viewers {
	if c.Explorer.DataDir == "" || c.Explorer.Guest || c.Explorer.Demo != nil && !c.DataGiven {
		return viewers{}
	}
	path := attachSocket(c.Explorer.DataDir)
	fail := func(err error) viewers {
		s.Note(fmt.Sprintf("no other dhtop can attach to this node: %s: %s", path, whyNoSocket(err)))
		return viewers{}
	}
	l, err := socket.Listen(path)
	if err != nil {
		return fail(err)
	}
	config := api.Config{Addr: "unix:" + path, Mask: c.Form.MaskAddrs, Version: version()}
	if c.HTTP != nil { // there is a token, then
		config.DataDir = c.Explorer.DataDir
	}
	server, err := api.NewOn(l, config)
	if err != nil {
		return fail(err)
	}
	v := viewers{server, make(chan struct{})}
	go func() {
		defer close(v.ended)
		if err := server.Run(s.ctx, s.Explorer); err != nil {
			s.Note(err.Error())
		}
	}()
	return v
}

// whyNoSocket is an error of socket.Listen in few words.
func whyNoSocket(err error) string {
	switch {
	case errors.Is(err, socket.ErrInUse):
		return "another program listens there"
	case errors.Is(err, socket.ErrNotSocket):
		return "there is something that is not a socket: remove it"
	}
	return human.Cause(err).Error()
}

// wait waits until the server has ended, which it does with the session.
func (v viewers) wait() {
	if v.ended != nil {
		<-v.ended
	}
}
