"""One stratified draw in Python, as a whole process. usage: draw_peers.py TOOL FRAME.csv N_H

Prints the seconds of the draw alone, after loading. TOOL: polars, duckdb (its own hash), duckdb-sha256, svy,
consistent-sampler (tickets a second, one core, no frame).
"""
import sys
import time


def main():
    tool, path, taken = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if tool == "consistent-sampler":
        from consistent_sampler import sampler
        ids = [str(1_000_000_000 + unit) for unit in range(100_000)]
        begin = time.perf_counter()
        list(sampler(ids, seed=1, take=len(ids)))
        print(len(ids) / (time.perf_counter() - begin))
        return
    if tool.startswith("duckdb"):
        import duckdb
        connection = duckdb.connect()
        connection.execute(f"create table f as select * from read_csv('{path}')")
        order = "hash(id + 1000003)" if tool == "duckdb" else "sha256(repeat('a', 64) || id::varchar)"
        begin = time.perf_counter()
        connection.execute(
            "create table s as select * from f qualify row_number() over "
            f"(partition by stratum order by {order}) <= {taken}"
        )
        rows = connection.execute("select count(*) from s").fetchone()[0]
    else:
        import polars
        frame = polars.read_csv(path)
        if tool == "svy":
            import svy
        begin = time.perf_counter()
        if tool == "svy":
            rows = svy.Sample(frame, svy.Design(stratum="stratum")).sampling.srs(taken, rstate=1).n_records
        else:
            place = polars.int_range(polars.len()).shuffle(seed=1).over("stratum")
            rows = frame.filter(place < taken).height
    print(time.perf_counter() - begin, rows)


main()
