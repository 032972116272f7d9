"""`python -m posthouse_web`: serve the console on this machine, for one office; `posthouse serve` starts it."""

import argparse
import os
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", default=os.environ.get("POSTHOUSE_OUT", "out/run"))
    parser.add_argument("--port", type=int, default=8000)
    args = parser.parse_args()
    os.environ["POSTHOUSE_OUT"] = args.workspace
    from posthouse_web.wsgi import application

    with make_server("127.0.0.1", args.port, application, server_class=_Server) as server:
        print(f"驿站控制台：http://127.0.0.1:{args.port}/　按 Ctrl+C 停止", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
