-- Puts questions as nginx does (auth_request), each with an answer that is known, and holds every answer to it. wrk gives
-- each thread one connection, so that an answer belongs to the question before it.

local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long seconds; long nanoseconds; } moment;
    int clock_gettime(int clock, moment *now);
]]

local moment = ffi.new("moment")
local monotonic = 1

local function microseconds()
    ffi.C.clock_gettime(monotonic, moment)
    return tonumber(moment.seconds) * 1e6 + tonumber(moment.nanoseconds) / 1e3
end

local threads = {}

function setup(thread)
    thread:set("place", #threads)
    table.insert(threads, thread)
end

-- Each line of the file: the status expected, the code or `-`, the certificate as nginx escapes it.
function init(arguments)
    local file, path, token = arguments[1], arguments[2], arguments[3]
    questions, right, shed, wrong, times = {}, 0, 0, 0, {}
    for line in io.lines(file) do
        local status, code, certificate = line:match("^(%d+) (%S+) (%S+)$")
        local headers = { ["X-Client-Cert"] = certificate, ["Authorization"] = "Bearer " .. token }
        local request = wrk.format("GET", path, headers)
        table.insert(questions, { status = tonumber(status), code = code, request = request })
    end
    -- threads begin at different places, so that one question is rarely asked twice at once
    turn = place * 37
end

function request()
    turn = turn + 1
    asked = questions[turn % #questions + 1]
    begun = microseconds()
    return asked.request
end

local function field(headers, wanted)
    for name, value in pairs(headers) do
        if name:lower() == wanted then
            return value
        end
    end
end

function response(status, headers, body)
    local code = field(headers, "x-assayer-code") or "-"
    if status == 503 and field(headers, "retry-after") and not field(headers, "x-assayer-decision") then
        shed = shed + 1
    elseif status == asked.status and (asked.code == "-" or code == asked.code) then
        right = right + 1
        if #times < 50000 then
            times[#times + 1] = microseconds() - begun
        end
    else
        wrong = wrong + 1
        if wrong < 3 then
            io.stderr:write(string.format("wrong: %d %s, expected %d %s\n", status, code, asked.status, asked.code))
        end
    end
end

function done(summary, latency, requests)
    local right, shed, wrong, times = 0, 0, 0, {}
    for _, thread in ipairs(threads) do
        right, shed, wrong = right + thread:get("right"), shed + thread:get("shed"), wrong + thread:get("wrong")
        for _, time in ipairs(thread:get("times")) do
            times[#times + 1] = time
        end
    end
    table.sort(times)
    local function percentile(share)
        return times[math.max(1, math.ceil(#times * share))] or 0
    end
    local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
    print(string.format(
        'figures {"right": %d, "shed": %d, "wrong": %d, "lost": %d, "seconds": %.3f, "p50_us": %.0f, "p99_us": %.0f}',
        right, shed, wrong, lost, summary.duration / 1e6, percentile(0.5), percentile(0.99)))
end
